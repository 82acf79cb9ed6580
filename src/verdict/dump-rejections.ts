import type { Case } from '../case/case.ts';
import type { World } from '../case/world.ts';
import { gives, showsPublic, valuesOf } from './plan-words.ts';
import type { Rejection } from './rejection.ts';
import { hasUnknownOption } from './unknown-options.ts';

const rejection = (
  id: string,
  says: RegExp,
  applies: (dump: Case['dump'], world: World, trial: Case) => boolean,
): Rejection => ({ id, stage: 'dump', says, applies: (trial, world) => applies(trial.dump, world, trial) });

const NOT_MADE = 'nowhere';
/** A name that no server knows, as the drawing of clashes gives it. */
const UNKNOWN = /99$|nowhere/i;

/** What pg_dump rejects, in the order in which it looks: each word of argv, then their combinations, then the server. */
export const DUMP_REJECTIONS: readonly Rejection[] = [
  rejection('dump-unknown-option', /unrecognized option/, (dump, world) =>
    hasUnknownOption(dump.options ?? [], 'pg_dump', world),
  ),
  rejection('dump-section', /unrecognized section name/, (dump) =>
    valuesOf(dump, '--section').some((section) => !['pre-data', 'data', 'post-data'].includes(section)),
  ),
  rejection('extra-float-digits-range', /extra[-_]float[-_]digits must be in range/, (dump) =>
    valuesOf(dump, '--extra-float-digits').some((digits) => Number(digits) < -15 || Number(digits) > 3),
  ),
  rejection(
    'rows-per-insert-range',
    /rows-per-insert must be in range/,
    ({ rows }) => typeof rows === 'number' && rows < 1,
  ),
  rejection(
    'compression-level',
    /compression level must be in range|-Z\/--compress must be in range|invalid value .* for option -Z\/--compress|invalid compression specification|unrecognized compression algorithm|compression algorithm .* (?:does not accept|expects)/,
    (dump, world) => dump.compress !== undefined && !isCompression(dump.compress, world),
  ),
  rejection(
    'compression-not-built-in',
    /this build does not support compression/,
    ({ compress = 'none' }, world) => world.tools.major >= 16 && !hasMethod(compress, world),
  ),
  rejection(
    'schema-only-and-data-only',
    /options -s\/--schema-only and -a\/--data-only cannot be used together/,
    (dump) => gives(dump, '--schema-only') && gives(dump, '--data-only'),
  ),
  rejection(
    'clean-of-data-only',
    /options -c\/--clean and -a\/--data-only cannot be used together/,
    (dump) => gives(dump, '--clean') && gives(dump, '--data-only'),
  ),
  rejection(
    'statistics-and-no-statistics',
    /options --statistics and --no-statistics cannot be used together/,
    (dump) => gives(dump, '--statistics') && gives(dump, '--no-statistics'),
  ),
  rejection(
    'statistics-of-a-part',
    /options (?:-a\/--data-only|-s\/--schema-only) and --statistics cannot be used together/,
    (dump) =>
      gives(dump, '--statistics') &&
      (dump.parts === 'schema-and-data' || gives(dump, '--schema-only', '--data-only')),
  ),
  rejection(
    'if-exists-without-clean',
    /option --if-exists requires option -c\/--clean/,
    (dump, _, { restore }) =>
      gives(dump, '--if-exists') &&
      !gives(dump, '--clean') &&
      !(dump.format === 'plain' && restore.clean === true),
  ),
  rejection(
    'on-conflict-without-inserts',
    /option --on-conflict-do-nothing requires option --inserts/,
    (dump) =>
      gives(dump, '--on-conflict-do-nothing') &&
      dump.rows === undefined &&
      !gives(dump, '--inserts', '--column-inserts', '--rows-per-insert'),
  ),
  rejection(
    'restrict-key-of-an-archive',
    /option --restrict-key can only be used with --format=plain/,
    (dump) => gives(dump, '--restrict-key') && dump.format !== 'plain',
  ),
  rejection('restrict-key-not-alphanumeric', /invalid restrict key/, (dump) =>
    valuesOf(dump, '--restrict-key').some((key) => !/^[A-Za-z0-9]+$/.test(key)),
  ),
  rejection(
    'parallel-dump-without-directory',
    /parallel backup only supported by the directory format/,
    ({ jobs = 1, format }) => jobs > 1 && format !== 'directory',
  ),
  rejection(
    'tar-compressed',
    /compression is not supported by tar archive format/,
    ({ format, compress = '0' }, world) => format === 'tar' && !packsNothing(compress, world),
  ),
  rejection(
    'dump-connection-setting',
    /invalid value for parameter/,
    ({ environment = {} }) =>
      UNKNOWN.test(environment['PGTZ'] ?? '') || UNKNOWN.test(environment['PGCLIENTENCODING'] ?? ''),
  ),
  rejection(
    'server-newer-than-pg_dump',
    /aborting because of server version mismatch|server version: .*; pg_dump version: /,
    (_, { tools, server }) => tools.major < server.major,
  ),
  rejection('unknown-dump-encoding', /invalid client encoding/, (dump) =>
    valuesOf(dump, '--encoding').some((encoding) => UNKNOWN.test(encoding)),
  ),
  rejection('dump-role', /role "nobody_here" does not exist/, (dump) =>
    valuesOf(dump, '--role').includes('nobody_here'),
  ),
  rejection('dump-snapshot', /invalid snapshot identifier|snapshot "nowhere" does not exist/, (dump) =>
    valuesOf(dump, '--snapshot').includes(NOT_MADE),
  ),
  rejection('no-matching-schema', /no matching schemas were found/, (dump) =>
    valuesOf(dump, '--schema').includes(NOT_MADE),
  ),
  rejection('no-matching-table', /no matching tables were found/, (dump) => {
    const asked = valuesOf(dump, '--table');
    return asked.includes(NOT_MADE) || (asked.length > 0 && !showsPublic(dump));
  }),
];

/** Until 14 by atoi(3), for which a word is 0 (src/bin/pg_dump/pg_dump.c). */
function levelOf(compress: string): number {
  return Number.parseInt(compress, 10) || 0;
}

function packsNothing(compress: string, { tools }: World): boolean {
  return tools.major < 15 ? levelOf(compress) === 0 : compress === '0' || compress === 'none';
}

/** Until 15 a level; from 16 on a method, a method with its detail, or a level (src/common/compression.c). */
function isCompression(compress: string, { tools }: World): boolean {
  if (tools.major < 15) return levelOf(compress) >= 0 && levelOf(compress) <= 9;
  if (/^[0-9]$/.test(compress)) return true;
  if (tools.major < 16) return false;
  const [, method = '', level] =
    /^(none|gzip|lz4|zstd)(?::(?:level=)?(-?\d+)(?:,long)?)?$/.exec(compress) ?? [];
  if (method === '') return false;
  if (level === undefined) return true;
  const most = { none: -1, gzip: 9, lz4: 12, zstd: 22 }[method] ?? -1;
  return Number(level) >= 1 && Number(level) <= most;
}

function hasMethod(compress: string, { compression }: World): boolean {
  const [method = ''] = compress.split(':', 1);
  if (method === 'none' || method === '0') return true;
  return compression.includes(/^\d$/.test(method) ? 'gzip' : method);
}
