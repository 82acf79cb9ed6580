import { DatabaseError } from 'pg';
import { UsageError } from '../errors.ts';
import type { Connection } from '../postgres/connection.ts';
import type { Subject } from '../subject/subject.ts';
import { requireEmpty, requireTaken } from './probe-intake.ts';

/**
 * Tries what a description says: its queries, and that an event is taken and changes their answers.
 * @throws UsageError where something is not as described
 */
export async function probeDescription(connection: Connection, subject: Subject): Promise<void> {
  await requireEmpty(connection, subject);
  await connection.query('BEGIN');
  try {
    await requireTaken(connection, subject);
    const ask = (what: string, query: string): Promise<unknown[]> => answer(connection, subject, what, query);
    const head = await ask('head', subject.headQuery);
    const hash = await ask('hash', subject.hashesQuery);
    const verdict = await ask('verifier', subject.verifyQuery);
    if (JSON.stringify(head) !== JSON.stringify(hash)) {
      const why = `head: of one event it is ${JSON.stringify(head[0])}, and its row has ${JSON.stringify(hash[0])}`;
      throw notAsDescribed(subject, why);
    }
    if (JSON.stringify(verdict) !== '[null,-1,1]') {
      const why = `verifier: of one event it says ${JSON.stringify(verdict)}, and [null,-1,1] is wanted`;
      throw notAsDescribed(subject, why);
    }
  } finally {
    await connection.query('ROLLBACK');
  }
}

async function answer(
  connection: Connection,
  subject: Subject,
  what: string,
  query: string,
): Promise<unknown[]> {
  try {
    const { rows } = await connection.query<unknown[]>({ text: query, rowMode: 'array' });
    return rows[0] ?? [];
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw notAsDescribed(subject, `${what}: ${error.message} (SQLSTATE ${error.code})`);
  }
}

function notAsDescribed({ name }: Subject, why: string): UsageError {
  const next = 'correct the description; docs/subjects.md says what is wanted of each key';
  return new UsageError({ what: `the subject ${name} is not as it is described`, why, next });
}
