import { UsageError } from '../errors.ts';
import { connect, type Connection, type ConnectionSettings } from '../postgres/connection.ts';

/** What the harness reads and writes, by unqualified names. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  audit_events: [
    'id',
    'actor',
    'actor_type',
    'action',
    'resource_type',
    'resource_id',
    'details',
    'timestamp',
    'event_category',
    'prev_hash',
    'row_hash',
  ],
  audit_chain_head: ['id', 'row_hash'],
};
const VERIFIER = 'audit_events_verify_chain()';

/** True where the database holds the audited subject, as seen through its own search_path. */
export async function isAuditSubject(settings: ConnectionSettings): Promise<boolean> {
  await using connection = await connect(settings);
  return (await missingParts(connection)).length === 0;
}

/**
 * Makes sure that the connection's database holds the audited subject, as seen through the session's search_path:
 * `audit_events` and `audit_chain_head` with their columns, and `audit_events_verify_chain()`.
 *
 * @param want `some` of it is enough for a database that was restored: what a restore lost is for the checks to report
 * @throws UsageError that lists all that is missing
 */
export async function requireAuditSubject(
  connection: Connection,
  want: 'all' | 'some' = 'all',
): Promise<void> {
  const missing = await missingParts(connection);
  if (missing.length === 0 || (want === 'some' && missing.length < LARGEST_PARTS)) return;
  const { rows } = await connection.query<{ database: string; path: string; elsewhere: string[] }>(ELSEWHERE);
  const { database = '', path = '', elsewhere = [] } = rows[0] ?? {};
  throw new UsageError({
    what: `the database ${database} is not the subject: it has no ${missing.join(', no ')}`,
    why: `names are looked up in the search_path ${path || '(empty)'}`,
    next:
      elsewhere.length > 0
        ? `there is an audit_events in the schema ${elsewhere.join(', ')}: put it into the search_path of the user or the database`
        : 'name a database with the audit trail and its hash chain; for --migrations, give those that create it',
  });
}

/** Both tables and the verifier. */
const LARGEST_PARTS = 3;

const ELSEWHERE = `SELECT current_database() AS database, current_setting('search_path') AS path,
  ARRAY(SELECT relnamespace::regnamespace::text FROM pg_catalog.pg_class
    WHERE relname = 'audit_events' AND relkind IN ('r', 'p') AND NOT pg_catalog.pg_table_is_visible(oid) ORDER BY 1) AS elsewhere`;

async function missingParts(connection: Connection): Promise<string[]> {
  const missing: string[] = [];
  for (const [table, columns] of Object.entries(TABLES)) {
    const found = await columnsOf(connection, table);
    if (!found) missing.push(`table ${table}`);
    else missing.push(...columns.filter((name) => !found.has(name)).map((name) => `column ${table}.${name}`));
  }
  const { rows } = await connection.query<{ found: boolean }>(
    'SELECT pg_catalog.to_regprocedure($1) IS NOT NULL AS found',
    [VERIFIER],
  );
  return rows[0]?.found ? missing : [...missing, `function ${VERIFIER}`];
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
