import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DatabaseError } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { AuditEvent } from '../case/case.ts';
import { UsageError } from '../errors.ts';
import type { Connection } from '../postgres/connection.ts';
import { COPY_HEADER, COPY_TRAILER } from '../postgres/copy-binary.ts';
import type { ChainLoading, Subject } from './subject.ts';

/** Bytes of one chunk on the wire, more or less. */
const CHUNK = 65_536;

/**
 * Loads events into an empty audit trail with their chain already computed, past the triggers, in one transaction and
 * in constant memory. What is there afterwards is what the triggers would have left, the head's time apart.
 *
 * Through the triggers each event is a new version of the head row, which later ones have to skip until a commit.
 * @param events with given times, and details as jsonb prints them
 * @returns how many
 * @throws UsageError where the subject cannot be loaded, the trail is not empty, or the database is not in UTF-8
 * @throws the server's error
 */
export async function loadChain(
  connection: Connection,
  subject: Subject,
  events: Iterable<AuditEvent>,
): Promise<number> {
  const { loading } = subject;
  if (!loading) {
    throw new UsageError({
      what: `${subject.name} cannot be loaded past its triggers`,
      next: 'take fewer rows, which go through them',
    });
  }
  await connection.query('BEGIN');
  try {
    await requireEmptyTrail(connection, subject);
    const restoreTriggers = await silenceTriggers(connection, loading.table);
    const chain = loading.newChain();
    const copy = connection.query(copyFrom(`COPY ${loading.copyTarget} FROM STDIN (FORMAT binary)`));
    await pipeline(Readable.from(chunksOf(events, chain), { objectMode: true, highWaterMark: 2 }), copy);
    await connection.query(loading.setHead, [chain.head]);
    await restoreTriggers();
    await connection.query('COMMIT');
    return copy.rowCount;
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function requireEmptyTrail(connection: Connection, { headQuery }: Subject): Promise<void> {
  const { rows } = await connection.query<[string, string]>({
    text: `SELECT (${headQuery}), pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()`,
    rowMode: 'array',
  });
  const [head, encoding] = rows[0] ?? [];
  if (head === '' && encoding === 'UTF8') return;
  throw new UsageError({
    what: 'events can only be loaded into an empty audit trail of a database in UTF8',
    why: encoding === 'UTF8' ? 'there are events already' : `its encoding is ${encoding}`,
  });
}

function* chunksOf(
  events: Iterable<AuditEvent>,
  chain: ReturnType<ChainLoading['newChain']>,
): Generator<Buffer> {
  let rows: Buffer[] = [COPY_HEADER];
  let bytes = 0;
  for (const event of events) {
    const row = chain.append(event);
    rows.push(row);
    bytes += row.length;
    if (bytes < CHUNK) continue;
    yield Buffer.concat(rows);
    rows = [];
    bytes = 0;
  }
  yield Buffer.concat([...rows, COPY_TRAILER]);
}

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Keeps triggers from firing for the rest of the transaction; what comes back undoes it. A superuser does so for the
 * session; the owner of the table disables each trigger that is enabled, and puts it back into the state it was in.
 */
async function silenceTriggers(connection: Connection, table: string): Promise<() => Promise<void>> {
  await connection.query('SAVEPOINT silence');
  try {
    await connection.query('SET LOCAL session_replication_role = replica');
    return async () => void (await connection.query('SET LOCAL session_replication_role = origin'));
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== INSUFFICIENT_PRIVILEGE) throw error;
    await connection.query('ROLLBACK TO silence');
  }
  const { rows } = await connection.query<{ disable: string; enable: string }>(ENABLED_TRIGGERS, [table]);
  const run = async (statements: readonly string[]): Promise<void> =>
    void (await connection.query(statements.join('; ')));
  await run(rows.map(({ disable }) => disable));
  return () => run(rows.map(({ enable }) => enable));
}

const ENABLED_TRIGGERS = `
  SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) AS disable,
    format('ALTER TABLE %s ENABLE %s TRIGGER %I', tgrelid::regclass,
      CASE tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, tgname) AS enable
  FROM pg_trigger WHERE tgrelid = $1::regclass AND NOT tgisinternal AND tgenabled <> 'D'`;
