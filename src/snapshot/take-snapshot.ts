import type { Connection } from '../postgres/connection.ts';
import { copyBatches } from '../postgres/copy-binary.ts';
import { statementRefusal, unreadableValue } from '../postgres/statement-refusal.ts';
import type { Subject } from '../subject/subject.ts';
import { readCatalog } from './catalog.ts';
import { RowTrailWriter } from './row-trail.ts';
import type { RecomputedChain, Snapshot, SnapshotError, TableSnapshot } from './snapshot.ts';
import { readTableRows, UNREAD } from './table-rows.ts';
import { readTableShapes } from './table-shapes.ts';

export interface TakeSnapshotOptions {
  readonly phase: string;
  readonly subject: Subject;
  /** The source's snapshot: its keys order the rows here too. */
  readonly orderedLike?: Snapshot | undefined;
  /** Keep the rows of small tables, for showing both sides of a difference. */
  readonly keepValues?: boolean;
  /**
   * Keep a fingerprint of every row, so that a difference can be placed: in memory, or where that would be much in this
   * file, which is replaced.
   */
  readonly trailFile?: string | undefined;
}

/**
 * Reads everything in one read-only, repeatable-read transaction, so that a snapshot is one moment of a
 * database that is being written to.
 *
 * What the database refuses to say (a function or table that is gone, a value that is no text) is recorded, not thrown.
 * @throws where the connection fails
 */
export async function takeSnapshot(connection: Connection, options: TakeSnapshotOptions): Promise<Snapshot> {
  await connection.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const facts = await readFacts(connection);
    // SQL_ASCII has nothing to convert from, and bytes that are no UTF-8 would be refused instead of read.
    const encoding = facts.encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';
    await connection.query(`SET LOCAL client_encoding = '${encoding}'`);
    const errors: SnapshotError[] = [];
    const said = await readSubject(connection, options.subject, errors);
    // From here on every name that PostgreSQL prints is qualified, whatever the database's search_path.
    await connection.query("SET LOCAL search_path = ''");
    const tables = await readTables(connection, facts.encoding, options);
    const catalog = await asking(
      connection,
      errors,
      unreadableValue,
    )('catalog', () => readCatalog(connection));
    return {
      format: 'restoreproof.snapshot/v1',
      phase: options.phase,
      ...facts,
      ...said,
      ...tables,
      catalog: catalog ?? [],
      errors,
    };
  } finally {
    await connection.query('ROLLBACK');
  }
}

type Facts = Pick<Snapshot, 'taken_at' | 'server_version' | 'encoding' | 'collation'>;

async function readFacts(connection: Connection): Promise<Facts> {
  const { rows } = await connection.query<Facts>(`
    SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS taken_at,
      current_setting('server_version') AS server_version,
      pg_encoding_to_char(encoding) AS encoding, datcollate AS collation
    FROM pg_database WHERE datname = current_database()`);
  const [facts] = rows;
  if (!facts) throw new Error('pg_database has no row for the current database');
  return facts;
}

type Said = Pick<
  Snapshot,
  'row_count' | 'chain_head_hash' | 'first_break_id' | 'first_break_pos' | 'verifier_walked' | 'recomputed'
>;

type Ask = <T>(field: SnapshotError['field'], question: () => Promise<T>) => Promise<T | null>;

/** Asks the database; what it refuses to say is null, and the reason goes to the errors. */
function asking(connection: Connection, errors: SnapshotError[], refusalOf = statementRefusal): Ask {
  return async (field, question) => {
    await connection.query('SAVEPOINT question');
    try {
      return await question();
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      await connection.query('ROLLBACK TO SAVEPOINT question');
      errors.push({ field, ...refusal });
      return null;
    }
  };
}

async function readSubject(connection: Connection, subject: Subject, errors: SnapshotError[]): Promise<Said> {
  const ask = asking(connection, errors);
  const count = await ask('row_count', () => firstValue(connection, subject.countQuery));
  const verdict = await ask('verifier', () => verify(connection, subject));
  return {
    row_count: count === null ? null : Number(count),
    chain_head_hash: await ask('chain_head_hash', () => firstValue(connection, subject.headQuery)),
    first_break_id: verdict?.first_break_id ?? null,
    first_break_pos: verdict?.first_break_pos ?? null,
    verifier_walked: verdict?.row_count ?? null,
    recomputed: subject.recomputes ? await ask('recomputed', () => recompute(connection, subject)) : null,
  };
}

async function firstValue(connection: Connection, query: string): Promise<string | null> {
  const { rows } = await connection.query<unknown[]>({ text: query, rowMode: 'array' });
  const value = rows[0]?.[0];
  return typeof value === 'string' ? value : null;
}

/** What `audit_events_verify_chain()` says. */
export interface VerifierResult {
  readonly first_break_id: string | null;
  readonly first_break_pos: number | null;
  readonly row_count: number | null;
}

/** @throws the server's error where the verifier cannot run */
export async function verify(connection: Connection, subject: Subject): Promise<VerifierResult | null> {
  const { rows } = await connection.query<VerifierResult>(subject.verifyQuery);
  return rows[0] ?? null;
}

async function recompute(connection: Connection, subject: Subject): Promise<RecomputedChain> {
  const walk = subject.newChainWalk();
  // The hash covers text as the server stores it, so the bytes must come unconverted.
  const { rows } = await connection.query<{ before: string }>(
    "SELECT current_setting('client_encoding') AS before",
  );
  await connection.query("SELECT set_config('client_encoding', current_setting('server_encoding'), true)");
  for await (const batch of copyBatches(connection, subject.chainQuery)) walk.add(batch);
  await connection.query("SELECT set_config('client_encoding', $1, true)", [rows[0]?.before]);
  return walk.finish();
}

async function readTables(
  connection: Connection,
  serverEncoding: string,
  options: TakeSnapshotOptions,
): Promise<Pick<Snapshot, 'tables' | 'trail'>> {
  const { trailFile, orderedLike, keepValues = false } = options;
  await using trail = trailFile === undefined ? undefined : new RowTrailWriter(trailFile);
  const tables: TableSnapshot[] = [];
  await connection.query(`SAVEPOINT ${UNREAD}`);
  for (const shape of await readTableShapes(connection)) {
    const like = orderedLike?.tables.find((table) => table.name === shape.name);
    tables.push(
      await readTableRows(connection, shape, { key: like?.key, keepValues, serverEncoding, trail }),
    );
  }
  return { tables, trail: await trail?.finish() };
}
