import { DatabaseError, type QueryResult } from 'pg';
import type { Connection } from '../../postgres/connection.ts';
import { statementRefusal } from '../../postgres/statement-refusal.ts';
import type { Subject } from '../../subject/subject.ts';
import type { Attempt, Refused, Untried, WormAct } from './acts.ts';

/** A setting of the transaction's own: the event's id stays in the server, whatever characters it has. */
const MIDDLE = 'restoreproof.middle';

/**
 * Tries what the write-once trigger has to refuse, in a transaction that is rolled back.
 *
 * @param empty what is done about a table without events: with `filled` it gets one for that time, and sequences stay
 * where that takes them
 * @throws where the connection fails; what the database refuses, and how, is the result
 */
export async function tryForbidden(
  connection: Connection,
  subject: Subject,
  empty: 'filled' | 'left',
): Promise<WormAct | Untried> {
  const tryOne = (statement: string): Promise<Attempt> => attempt(connection, statement);
  try {
    await connection.query('BEGIN');
    if (!(await findMiddle(connection, subject))) {
      if (empty === 'left') return { untried: 'there is no event to change' };
      const refused = await refusalOf(() => connection.query(subject.appendQuery));
      if (refused) return { untried: `there is no event to change: ${refused.message}` };
      await findMiddle(connection, subject);
    }
    await connection.query('SAVEPOINT forbidden');
    const { UPDATE, DELETE, TRUNCATE } = subject.forbidden;
    return { UPDATE: await tryOne(UPDATE), DELETE: await tryOne(DELETE), TRUNCATE: await tryOne(TRUNCATE) };
  } catch (error) {
    const refused = refusedIn(error);
    if (!refused) throw error;
    // The table does not even tell of its events, and refuses whatever is asked of it.
    return { UPDATE: refused, DELETE: refused, TRUNCATE: refused };
  } finally {
    await connection.query('ROLLBACK');
  }
}

/** Whether there is an event. */
async function findMiddle(connection: Connection, { middleIdQuery }: Subject): Promise<boolean> {
  const { rowCount } = await connection.query(
    `SELECT pg_catalog.set_config('${MIDDLE}', id, true) IS NULL FROM (${middleIdQuery}) AS middle (id)`,
  );
  return rowCount === 1;
}

async function attempt(connection: Connection, statement: string): Promise<Attempt> {
  const ofTheMiddle = statement.split('$1').join(`pg_catalog.current_setting('${MIDDLE}')`);
  let changed: number | null = null;
  const refused = await refusalOf(async () => {
    // The driver's types know one statement per query; for several it gives an array.
    const answers: unknown = await connection.query(`ROLLBACK TO SAVEPOINT forbidden; ${ofTheMiddle}`);
    changed = (answers as QueryResult[]).at(-1)?.rowCount ?? null;
  });
  // A rule, or a trigger that gives no row back, keeps the event as well as one that raises an error.
  return refused ?? (changed === 0 ? 'ignored' : 'allowed');
}

async function refusalOf(act: () => Promise<unknown>): Promise<Refused | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    const refused = refusedIn(error);
    if (!refused) throw error;
    return refused;
  }
}

function refusedIn(error: unknown): Refused | undefined {
  const refusal = statementRefusal(error);
  if (!refusal || !(error instanceof DatabaseError)) return undefined;
  const { where = '', constraint, routine } = error;
  // src/pl/plpgsql/src/pl_exec.c: a RAISE of the function's own, and no error that it ran into.
  return { ...refusal, by: innermostFunction(where) ?? constraint, raised: routine === 'exec_stmt_raise' };
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[\p{L}\p{Nd}_$]+)`;
/** In any language of the server's messages: `PL/pgSQL function public.refuse() line 3 at RAISE`. */
const FUNCTION = new RegExp(String.raw`(?:${NAME}\.)?(${NAME})\(`, 'u');

/** The function that an error's context begins with, without its schema, which is printed as the search_path has it. */
function innermostFunction(where: string): string | undefined {
  return FUNCTION.exec(where.split('\n', 1)[0] ?? '')?.[1];
}
