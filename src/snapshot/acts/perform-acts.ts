import type { Connection } from '../../postgres/connection.ts';
import { copyRows, type BinaryRow } from '../../postgres/copy-binary.ts';
import { statementRefusal } from '../../postgres/statement-refusal.ts';
import type { Subject } from '../../subject/subject.ts';
import { describeRefusal } from '../../text/refusal.ts';
import { verify } from '../take-snapshot.ts';
import type { Acts, AppendAct, TamperAct, Untried } from './acts.ts';
import { tryForbidden } from './try-forbidden.ts';

/**
 * Acts on a database the way its users and its attackers would, each time in a transaction that is rolled back.
 * @throws where the connection fails; what the database refuses is part of the result
 */
export async function performActs(connection: Connection, subject: Subject): Promise<Acts> {
  return {
    append: await rolledBack(connection, () => append(connection, subject)),
    worm: await tryForbidden(connection, subject, 'filled'),
    tamper: await rolledBack(connection, () => tamper(connection, subject)),
  };
}

async function rolledBack<T>(connection: Connection, act: () => Promise<T>): Promise<T> {
  await connection.query('BEGIN');
  try {
    return await act();
  } finally {
    await connection.query('ROLLBACK');
  }
}

/** The value, or the server's refusal as a message. */
async function attempt<T>(question: () => Promise<T>): Promise<{ value: T } | { refusal: string }> {
  try {
    return { value: await question() };
  } catch (error) {
    const refusal = statementRefusal(error);
    if (!refusal) throw error;
    return { refusal: describeRefusal(refusal) };
  }
}

async function append(connection: Connection, subject: Subject): Promise<AppendAct> {
  const { recomputes } = subject;
  const nothing = {
    previous: null,
    stored: '',
    recomputed: undefined,
    head: null,
    verifier: null,
    recomputes,
  };
  const appended = await attempt(async () => {
    const row = await insertEvent(connection, subject);
    const { rows } = await connection.query<[string]>({ text: subject.headQuery, rowMode: 'array' });
    return {
      ...subject.hashesOf(row),
      recomputes,
      head: rows[0]?.[0] ?? null,
      verifier: await verify(connection, subject),
    };
  });
  return 'value' in appended ? appended.value : { ...nothing, error: appended.refusal };
}

/** The new row comes by COPY, in the server's encoding, because that is what its hash covers. */
async function insertEvent(connection: Connection, subject: Subject): Promise<BinaryRow> {
  await connection.query("SELECT set_config('client_encoding', current_setting('server_encoding'), true)");
  let inserted: BinaryRow = [];
  for await (const batch of copyRows(connection, subject.appendQuery)) inserted = batch[0] ?? inserted;
  await connection.query("SET LOCAL client_encoding = 'UTF8'");
  return inserted;
}

async function middleId(connection: Connection, subject: Subject): Promise<string | undefined> {
  const { rows } = await connection.query<[string]>({ text: subject.middleIdQuery, rowMode: 'array' });
  return rows[0]?.[0];
}

/**
 * An event to act upon in a table without one, which gets it for the length of this transaction. Undefined where the
 * verifier breaks at it, which would pass for the tampering's.
 */
async function soundNewId(connection: Connection, subject: Subject): Promise<string | undefined> {
  await insertEvent(connection, subject);
  const id = await middleId(connection, subject);
  const verdict = await verify(connection, subject);
  return verdict?.first_break_pos === -1 ? id : undefined;
}

async function tamper(connection: Connection, subject: Subject): Promise<TamperAct | Untried> {
  const changed = await attempt(async () => {
    const id = (await middleId(connection, subject)) ?? (await soundNewId(connection, subject));
    if (id === undefined) return undefined;
    await connection.query(subject.unguardQuery);
    const { rowCount } = await connection.query(subject.tamperQuery, [id]);
    return rowCount === 1 ? id : undefined;
  });
  if ('refusal' in changed) return { untried: changed.refusal };
  const { value: id } = changed;
  if (id === undefined) return { untried: 'there is no row to tamper with' };
  const verified = await attempt(() => verify(connection, subject));
  return 'value' in verified
    ? { id, verifier: verified.value }
    : { id, verifier: null, error: verified.refusal };
}
