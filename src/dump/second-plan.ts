import type { DumpPlan } from '../case/case.ts';
import type { Connection } from '../postgres/connection.ts';

/** What pg_dump takes over from the database it reads, and writes into the script. */
export interface SourceHabits {
  /** As the server spells it: `UTF8`. */
  readonly encoding: string;
  /** Settings of a session that asks for none, by name. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Settings that show in a script and that pg_dump does not pin, as it does DateStyle, IntervalStyle and
 * extra_float_digits (src/bin/pg_dump/pg_dump.c, setup_connection): timestamps have the zone's offset.
 */
const SHOWN = ['TimeZone', 'standard_conforming_strings', 'quote_all_identifiers', 'bytea_output'];

/** Asks the source; what the connection itself has set does not count. */
export async function readHabits(connection: Connection): Promise<SourceHabits> {
  const { rows } = await connection.query<{ name: string; value: string }>(
    `SELECT name, reset_val AS value FROM pg_settings WHERE name = ANY ($1)
     UNION ALL SELECT 'encoding', current_setting('server_encoding')`,
    [SHOWN],
  );
  const { encoding = 'UTF8', ...settings } = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  return { encoding, settings };
}

/**
 * The plan for dumping another database so that equal contents give equal scripts. What the plan itself says of
 * encoding and settings stays: it comes later.
 */
export function secondPlan(plan: DumpPlan, source: SourceHabits): DumpPlan {
  const { environment = {}, options = [] } = plan;
  const own = environment['PGOPTIONS'];
  const words = Object.entries(source.settings).map(([name, value]) => `-c ${name}=${escapeWord(value)}`);
  const encodingGiven = 'PGCLIENTENCODING' in environment || own?.includes('client_encoding');
  return {
    ...plan,
    environment: { ...environment, PGOPTIONS: [...words, ...(own === undefined ? [] : [own])].join(' ') },
    options: encodingGiven ? options : [`--encoding=${source.encoding}`, ...options],
  };
}

/** The server splits PGOPTIONS at blanks unless a backslash is before them (manual, 34.1.2, `options`). */
function escapeWord(value: string): string {
  return value.replaceAll(/[\s\\]/g, String.raw`\$&`);
}
