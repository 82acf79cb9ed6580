import type fc from 'fast-check';
import { drawObject, oneOf, sometimes } from './chance.ts';

/** Zones whose offsets have hours, half hours or seconds, and POSIX specifications. */
export const ZONES = [
  'UTC',
  'America/New_York',
  'Asia/Kolkata',
  'Africa/Monrovia',
  'Pacific/Apia',
  'Europe/Amsterdam',
  'Asia/Kathmandu',
  'EST5EDT',
  '<+03>-3',
] as const;

export const DATE_STYLES = [
  'ISO, YMD',
  'ISO, DMY',
  'SQL, DMY',
  'SQL, MDY',
  'Postgres, DMY',
  'Postgres, MDY',
  'German, DMY',
] as const;

/** Settings of a session that pg_dump and the scripts it writes either set themselves or do not depend on. */
const HARMLESS_SETTINGS = [
  '-c extra_float_digits=-15',
  '-c bytea_output=escape',
  '-c IntervalStyle=sql_standard',
  '-c standard_conforming_strings=off',
  '-c backslash_quote=off',
  '-c quote_all_identifiers=on',
  '-c search_path=nowhere',
  '-c enable_seqscan=off',
  '-c default_transaction_isolation=serializable',
  '-c synchronous_commit=off',
  '-c xmloption=document',
  '-c array_nulls=off',
  '-c client_min_messages=notice',
  '-c work_mem=64kB',
  '-c check_function_bodies=on',
  '-c DateStyle=SQL,DMY -c TimeZone=Asia/Kolkata',
] as const;

/** Environments of a client tool that must not matter: of pg_dump, or of pg_restore and psql. */
export function drawEnvironment(
  tool: 'dump' | 'restore',
  hazardous: readonly string[] = [],
): fc.Arbitrary<Readonly<Record<string, string>>> {
  // The dumping transaction is read only anyway, so that this is one more setting that must not matter to it.
  const settings =
    tool === 'dump' ? [...HARMLESS_SETTINGS, '-c default_transaction_read_only=on'] : HARMLESS_SETTINGS;
  // A restore states its client_encoding itself, so that it may start with any; a dump takes it for its own.
  const encodings =
    tool === 'dump' ? ['UTF8', 'SQL_ASCII'] : ['UTF8', 'SQL_ASCII', 'LATIN1', 'EUC_JP', 'WIN1251'];
  return drawObject({
    PGTZ: sometimes(35, oneOf(ZONES)),
    PGDATESTYLE: sometimes(35, oneOf(DATE_STYLES)),
    PGCLIENTENCODING: sometimes(30, oneOf(encodings)),
    TZ: sometimes(25, oneOf(ZONES)),
    LC_ALL: sometimes(25, oneOf(['C.UTF-8', 'POSIX', 'de_DE.UTF-8', 'tr_TR.UTF-8'])),
    PGOPTIONS: hazardous.length > 0 ? oneOf(hazardous) : sometimes(40, oneOf(settings)),
  }) as fc.Arbitrary<Readonly<Record<string, string>>>;
}
