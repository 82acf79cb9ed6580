import { UsageError } from '../errors.ts';
import type { Connection } from '../postgres/connection.ts';
import type { Subject, SubjectParts } from './subject.ts';

/**
 * Makes sure that the connection's database holds the audited subject, as seen through the session's search_path: its
 * tables with their columns, and its functions.
 *
 * @param want `some` of it is enough for a database that was restored: what a restore lost is for the checks to report
 * @throws UsageError that lists all that is missing
 */
export async function requireSubject(
  connection: Connection,
  { parts, traits }: Subject,
  want: 'all' | 'some' = 'all',
): Promise<void> {
  const missing = await missingParts(connection, parts);
  const largestParts = Object.keys(parts.tables).length + parts.functions.length;
  if (missing.length === 0 || (want === 'some' && missing.length < largestParts)) return;
  const { events } = traits.tables;
  const { rows } = await connection.query<{ database: string; path: string; elsewhere: string[] }>(
    ELSEWHERE,
    [events],
  );
  const { database = '', path = '', elsewhere = [] } = rows[0] ?? {};
  throw new UsageError({
    what: `the database ${database} is not the subject: it has no ${missing.join(', no ')}`,
    why: `names are looked up in the search_path ${path || '(empty)'}`,
    next:
      elsewhere.length > 0
        ? `there is a table ${events} in the schema ${elsewhere.join(', ')}: put it into the search_path of the user or the database`
        : 'name a database with the audit trail and its hash chain; for --migrations, give those that create it',
  });
}

const ELSEWHERE = `SELECT current_database() AS database, current_setting('search_path') AS path,
  ARRAY(SELECT relnamespace::regnamespace::text FROM pg_catalog.pg_class
    WHERE relname = $1 AND relkind IN ('r', 'p') AND NOT pg_catalog.pg_table_is_visible(oid) ORDER BY 1) AS elsewhere`;

async function missingParts(connection: Connection, parts: SubjectParts): Promise<string[]> {
  const missing: string[] = [];
  for (const [table, columns] of Object.entries(parts.tables)) {
    const found = await columnsOf(connection, table);
    if (!found) missing.push(`table ${table}`);
    else missing.push(...columns.filter((name) => !found.has(name)).map((name) => `column ${table}.${name}`));
  }
  for (const name of parts.functions) {
    const { rows } = await connection.query<{ found: boolean }>(
      'SELECT pg_catalog.to_regprocedure($1) IS NOT NULL AS found',
      [name],
    );
    if (!rows[0]?.found) missing.push(`function ${name}`);
  }
  return missing;
}

/** The columns of an ordinary or partitioned table, or undefined where there is no such table. */
async function columnsOf(connection: Connection, table: string): Promise<Set<string> | undefined> {
  const { rows } = await connection.query<{ columns: string[] }>(
    `SELECT ARRAY(SELECT attname::text FROM pg_catalog.pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
      FROM pg_catalog.pg_class AS c WHERE c.oid = pg_catalog.to_regclass($1) AND c.relkind IN ('r', 'p')`,
    [table],
  );
  return rows[0] && new Set(rows[0].columns);
}
