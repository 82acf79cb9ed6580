import type { AuditEvent, Statement, Transaction, Workload } from '../case/case.ts';
import type { Refusal } from '../case/expected-effect.ts';
import type { Connection } from '../postgres/connection.ts';
import type { EventWriting } from '../subject/subject.ts';
import { copyEvents } from './copy-events.ts';
import { insertEvents } from './insert-events.ts';
import { refusalState } from './refusal-state.ts';
import { enterSession } from './writing-session.ts';

/** What a workload really did. */
export interface WorkloadEffect {
  /** Rows that were committed. */
  readonly accepted: number;
  readonly refusals: readonly Refusal[];
  /** Rows that were loaded before. */
  readonly loaded: number;
}

/**
 * Writes the transactions of a workload into the source database, through its own triggers.
 *
 * A refused statement is undone and counted, and the next one goes on; the session's settings are afterwards what
 * they were before.
 * @param load loads so many rows that are there before, and gives their number
 * @throws the error that is not about a value: connection lost, disk full, no such table, a setting unknown here
 */
export async function applyWorkload(
  connection: Connection,
  workload: Workload,
  writing: EventWriting,
  load?: (rows: number) => Promise<number>,
): Promise<WorkloadEffect> {
  const loaded = (workload.loaded && (await load?.(workload.loaded))) ?? 0;
  const leave = await enterSession(connection, workload.session);
  const refusals: Refusal[] = [];
  let accepted = 0;
  try {
    for (const [index, transaction] of workload.transactions.entries()) {
      accepted += await run({ connection, writing }, transaction, (refusal) =>
        refusals.push({ transaction: index, ...refusal }),
      );
    }
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    // Where this fails, so does whatever comes next on this connection, or the error already under way tells more.
    await leave().catch(() => undefined);
  }
  return { accepted, refusals, loaded };
}

interface Place {
  readonly connection: Connection;
  readonly writing: EventWriting;
}

type Report = (refusal: Omit<Refusal, 'transaction'>) => void;

/** Gives the number of rows committed. */
async function run(place: Place, { statements, end }: Transaction, report: Report): Promise<number> {
  const { connection } = place;
  let kept = 0;
  for (const [index, statement] of statements.entries()) {
    await connection.query(
      index === 0 ? 'BEGIN; SAVEPOINT statement' : 'RELEASE statement; SAVEPOINT statement',
    );
    const written = await write(place, statement, (refusal) => report({ statement: index, ...refusal }));
    if (statement.savepoint === 'rollback') await connection.query('ROLLBACK TO statement');
    else kept += written;
  }
  if (statements.length === 0) return 0;
  await connection.query(end === 'rollback' ? 'ROLLBACK' : 'COMMIT');
  return end === 'rollback' ? 0 : kept;
}

/** Gives the number of rows written. Events `each` have one savepoint together as long as none of them is refused. */
async function write(
  { connection, writing }: Place,
  { insert, events }: Statement,
  report: (refusal: Pick<Refusal, 'event' | 'sqlstate'>) => void,
): Promise<number> {
  const attempt = insert === 'copy' ? copyEvents : insert === 'together' ? insertEvents : insertEach;
  const sqlstate = await refusalOf(connection, 'statement', () => attempt(connection, writing, events));
  if (sqlstate === undefined) return events.length;
  if (insert !== 'each') {
    report({ event: 0, sqlstate });
    return 0;
  }
  let written = 0;
  for (const [index, event] of events.entries()) {
    await connection.query('SAVEPOINT event');
    const refused = await refusalOf(connection, 'event', () => insertEvents(connection, writing, [event]));
    await connection.query('RELEASE event');
    if (refused === undefined) written += 1;
    else report({ event: index, sqlstate: refused });
  }
  return written;
}

async function insertEach(
  connection: Connection,
  writing: EventWriting,
  events: readonly AuditEvent[],
): Promise<void> {
  for (const event of events) await insertEvents(connection, writing, [event]);
}

/** The SQLSTATE by which work was refused, and undone up to the savepoint; undefined where it was done. */
async function refusalOf(
  connection: Connection,
  savepoint: 'statement' | 'event',
  work: () => Promise<void>,
): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const sqlstate = refusalState(error);
    if (sqlstate === undefined) throw error;
    await connection.query(`ROLLBACK TO ${savepoint}`);
    return sqlstate;
  }
}
