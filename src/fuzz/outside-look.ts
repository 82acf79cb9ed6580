import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareDumps } from '../dump/compare-dumps.ts';
import { NoVerdictError } from '../errors.ts';
import type { ClientTools } from '../postgres/client-tools.ts';
import type { ConnectionSettings } from '../postgres/connection.ts';
import { toolEnvironment } from '../postgres/tool-environment.ts';

/** A database as PostgreSQL's own tools show it, without anything that snapshots and checks are made of. */
export interface OutsideLook {
  /** A plain dump. */
  readonly script: string;
  /** For each table a file of its rows, all columns, in COPY's binary format. */
  readonly rows: ReadonlyMap<string, string>;
}

const TABLES = `SELECT quote_ident(nspname) || '.' || quote_ident(relname)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`;

/** The order of the rows must not come from the database's locale. */
const PINNED = {
  PGTZ: 'UTC',
  PGDATESTYLE: 'ISO',
  PGCLIENTENCODING: 'UTF8',
  PGOPTIONS: '-c row_security=off',
};

/**
 * Dumps a database with pg_dump, and copies its tables with psql, into a new directory.
 * @throws NoVerdictError where a tool fails
 */
export async function lookFromOutside(
  database: ConnectionSettings,
  tools: ClientTools,
  directory: string,
): Promise<OutsideLook> {
  await mkdir(directory);
  const environment = toolEnvironment(database, PINNED);
  const run = async (tool: 'pg_dump' | 'psql', argv: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await tools.run(tool, argv, { environment });
    if (exitCode === 0) return stdout;
    throw new NoVerdictError({ what: `${tool} could not look at a database`, why: stderr.split('\n', 1)[0] });
  };
  const psql = ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--tuples-only', '--no-align'];
  const script = join(directory, 'script.sql');
  await run('pg_dump', ['--format=plain', `--file=${script}`]);
  const tables = (await run('psql', [...psql, `--command=${TABLES}`])).split('\n').filter(Boolean);
  const rows = new Map(tables.map((table, index) => [table, join(directory, `${index}.rows`)]));
  const copies = [...rows].map(
    ([table, file]) =>
      `--command=\\copy (SELECT * FROM ONLY ${table} AS r ORDER BY convert_to(r::text, 'UTF8')) TO '${file}' (FORMAT binary)`,
  );
  if (copies.length > 0) await run('psql', [...psql, ...copies]);
  return { script, rows };
}

/** What differs between two looks, in a sentence; undefined where nothing does. */
export async function differenceOutside(
  before: OutsideLook,
  after: OutsideLook,
  tools: ClientTools,
): Promise<string | undefined> {
  for (const table of new Set([...before.rows.keys(), ...after.rows.keys()])) {
    const [one, other] = [before.rows.get(table), after.rows.get(table)];
    if (one === undefined || other === undefined) return `table ${table} is on one side only`;
    if (!(await readFile(one)).equals(await readFile(other))) return `the rows of ${table} differ`;
  }
  const plans = { dump: { format: 'plain' }, restore: { tool: 'psql' } } as const;
  const compared = await compareDumps([before.script], [after.script], { tools, plans });
  const difference = 'failed' in compared ? undefined : compared.difference;
  return difference
    ? `pg_dump differs from line ${difference.line}: ${difference.first ?? 'nothing'} | ${difference.second ?? 'nothing'}`
    : undefined;
}
