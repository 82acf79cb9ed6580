import { firstLine, NoVerdictError, UsageError } from '../errors.ts';
import { connect, type Connection, type ConnectionSettings } from '../postgres/connection.ts';
import { refusal } from '../postgres/server-refusals.ts';
import { ordersDiffer, type Migration } from './migration-files.ts';
import { migrationError, MigrationFailure } from './migration-failure.ts';
import { lineAt, splitStatements, type Statement } from './migration-statements.ts';

export interface MigrationsToApply {
  readonly migrations: readonly Migration[];
  readonly settings: ConnectionSettings;
  /** Settings of the sessions that the migrations run in, added to those that `connect` pins. */
  readonly session?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Not named like any likely user: the default search_path begins with a schema of the user's name. */
export const RECORD_TABLE = 'restoreproof_migrations.applied';

/**
 * Applies migrations in the given order, each in a session of its own, and records them in `RECORD_TABLE` (name,
 * sha256, applied_at); what is recorded already is skipped.
 *
 * A file goes to the server as it is, in one simple query, which is how golang-migrate sends it: the server finds
 * the statements itself and makes them one transaction (manual: 55.2.2.1 Multiple Statements in a Simple Query).
 * Statement by statement go files with transaction control of their own, and files that the server refuses as one
 * transaction (CREATE INDEX CONCURRENTLY among others); of a refused one nothing is left behind.
 *
 * @throws MigrationFailure (a UsageError) where the server refuses a statement
 * @throws UsageError where a recorded file has changed, or a file leaves its transaction open
 * @throws NoVerdictError where the server gave way
 * @throws the signal's reason where it aborts
 */
export async function applyMigrations(toApply: MigrationsToApply): Promise<void> {
  const { migrations, settings, signal } = toApply;
  signal?.throwIfAborted();
  await using ledger = await enter(settings, { search_path: 'pg_catalog' });
  const recorded = await readRecord(ledger);
  for (const { name, sha256 } of migrations) refuseChanged(name, sha256, recorded.get(name));
  for (const migration of migrations) {
    if (recorded.has(migration.name)) continue;
    try {
      await applyMigration(migration, toApply);
    } catch (error) {
      signal?.throwIfAborted();
      throw withOrder(error, migrations);
    }
    await record(ledger, migration);
  }
}

/** @throws UsageError or NoVerdictError where the database cannot be entered */
export async function enter(
  settings: ConnectionSettings,
  session: Readonly<Record<string, string>> = {},
): Promise<Connection> {
  return connect(settings, session).catch((error: unknown) => {
    throw refusal(error, settings);
  });
}

async function readRecord(ledger: Connection): Promise<Map<string, string>> {
  try {
    await ledger.query(`CREATE SCHEMA IF NOT EXISTS restoreproof_migrations;
      CREATE TABLE IF NOT EXISTS ${RECORD_TABLE} (
        name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const { rows } = await ledger.query<{ name: string; sha256: string }>(
      `SELECT name, sha256 FROM ${RECORD_TABLE}`,
    );
    return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
  } catch (error) {
    throw new UsageError({
      what: `the record of applied migrations, ${RECORD_TABLE}, cannot be kept`,
      why: firstLine(error),
      next: 'connect as a role that may create schemas in the database',
      cause: error,
    });
  }
}

async function record(ledger: Connection, { name, sha256 }: Migration): Promise<void> {
  const sql = `INSERT INTO ${RECORD_TABLE} (name, sha256) VALUES ($1, $2)`;
  await ledger.query(sql, [name, sha256]).catch((error: unknown) => {
    throw new NoVerdictError({
      what: `migration ${name} was applied and could not be recorded`,
      why: firstLine(error),
      next: 'look into the log of the server; start over with an empty database',
      cause: error,
    });
  });
}

function refuseChanged(name: string, sha256: string, recorded: string | undefined): void {
  if (recorded === undefined || recorded === sha256) return;
  throw new UsageError({
    what: `migration ${name} has changed since it was applied`,
    why: `its SHA-256 is ${sha256}, recorded is ${recorded}`,
    next: 'put the file back as it was and add a migration of a new number, or use an empty database',
  });
}

/** Refused as part of a transaction, taken alone: active_sql_transaction, unsafe_new_enum_value_usage, invalid_transaction_termination. */
const NEEDS_COMMITS = new Set(['25001', '55P04', '2D000']);

const TRANSACTION_CONTROL = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort']);

async function applyMigration(migration: Migration, toApply: MigrationsToApply): Promise<void> {
  const statements = splitStatements(migration.sql);
  if (!statements.some(({ firstWord }) => TRANSACTION_CONTROL.has(firstWord))) {
    try {
      return await inSession(toApply, (connection) => sendWhole(connection, migration, statements));
    } catch (error) {
      const code = error instanceof MigrationFailure ? error.refused.code : undefined;
      if (!NEEDS_COMMITS.has(code ?? '')) throw error;
    }
  }
  return inSession(toApply, async (connection) => {
    for (const statement of statements) await sendStatement(connection, migration, statement);
    refuseOpenTransaction(connection, migration, statements);
  });
}

async function inSession(
  { settings, session, signal }: MigrationsToApply,
  send: (connection: Connection) => Promise<void>,
): Promise<void> {
  // The policies of a migration's own tables are for its author to think of; `connect` would make them errors.
  await using connection = await enter(settings, { row_security: 'on', ...session });
  const leave = (): void => void connection.connection.stream.destroy();
  signal?.addEventListener('abort', leave);
  try {
    signal?.throwIfAborted();
    await send(connection);
  } finally {
    signal?.removeEventListener('abort', leave);
  }
}

async function sendWhole(
  connection: Connection,
  migration: Migration,
  statements: readonly Statement[],
): Promise<void> {
  let completed = 0;
  connection.connection.on('commandComplete', () => completed++);
  try {
    await connection.query(migration.sql);
  } catch (error) {
    throw migrationError({
      migration,
      error,
      text: migration.sql,
      start: 0,
      statement: statements[completed],
    });
  }
}

async function sendStatement(
  connection: Connection,
  migration: Migration,
  statement: Statement,
): Promise<void> {
  const { start, end } = statement;
  const text = migration.sql.slice(start, end);
  try {
    await connection.query(text);
  } catch (error) {
    throw migrationError({ migration, error, text, start, statement });
  }
}

/** All of it would be rolled back when the session ends. */
function refuseOpenTransaction(
  connection: Connection,
  migration: Migration,
  statements: readonly Statement[],
): void {
  if (connection.getTransactionStatus() === 'I') return;
  const opening = statements.findLast(({ firstWord }) => firstWord === 'begin' || firstWord === 'start');
  const line = opening ? ` of line ${lineAt(migration.sql, opening.start)}` : '';
  throw new UsageError({
    what: `migration ${migration.name} does not end the transaction${line}`,
    next: `add COMMIT; at the end of ${migration.path}`,
  });
}

/** An object that is not there, or there already, is most likely due to names in another order than the numbers. */
function withOrder(error: unknown, migrations: readonly Migration[]): unknown {
  const inOrder = !ordersDiffer(migrations.map(({ name }) => name));
  if (inOrder || !(error instanceof MigrationFailure) || !OBJECTS.test(error.refused.code ?? ''))
    return error;
  const { message: what, why, refused } = error;
  const next =
    'files are applied in the order of their names, in which 10_b comes before 2_a: pad the numbers with zeros';
  return new MigrationFailure({ what, why, next }, refused);
}

/** Class 42 without insufficient_privilege and syntax_error. */
const OBJECTS = /^42(?!501|601)/;
