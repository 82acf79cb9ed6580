import { randomBytes } from 'node:crypto';
import { firstLine, NoVerdictError } from '../errors.ts';
import { connect, type Connection } from './connection.ts';
import type { Engine } from './engine.ts';

/** The sign of life of one run: a session advisory lock on a connection of its own. */
export interface RunLock extends AsyncDisposable {
  /** 16 lower-case hexadecimal digits. */
  readonly id: string;
  /** @throws NoVerdictError where the server no longer knows the lock, asked over another connection */
  requireHeld(connection: Connection): Promise<void>;
}

/** The first key of all our advisory locks: "rprf" in ASCII. */
export const LOCK_CLASS = 0x72707266;

/** SQL: the id of a run to the second key of its lock, as `pg_locks.objid` shows it. */
export function lockObject(id: string): string {
  return `('x' || substr(${id}, 1, 8))::bit(32)::int::oid`;
}

/**
 * Takes the lock of a run, before it creates anything: of a new one, or of one that is on another server already. A lock with two keys is in `pg_locks` as classid, objid and
 * objsubid 2, and is gone as soon as its session is (manual, "pg_locks"; "Advisory Locks").
 *
 * @throws NoVerdictError where the server cannot be entered
 */
export async function takeRunLock(engine: Engine, id = randomBytes(8).toString('hex')): Promise<RunLock> {
  let connection: Connection | undefined;
  try {
    connection = await connect(
      engine.connectionTo(engine.maintenanceDatabase),
      // The session is silent for as long as the run lasts; some servers end such sessions (setting new in 14).
      engine.serverVersion.major >= 14 ? { idle_session_timeout: '0' } : {},
    );
    // Shared, so that a stranger's run with the same 32 bits cannot make us wait for its end.
    const lock = `SELECT pg_advisory_lock_shared(${LOCK_CLASS}, ('x' || $1)::bit(32)::int), pg_backend_pid() AS pid`;
    const [row] = (await connection.query<{ pid: number }>(lock, [id.slice(0, 8)])).rows;
    return runLock(id, connection, Number(row?.pid));
  } catch (error) {
    await connection?.end().catch(() => undefined);
    throw new NoVerdictError({
      what: 'the run could not take its lock on the server',
      why: firstLine(error),
      next: 'look into the log of the server',
      cause: error,
    });
  }
}

function runLock(id: string, connection: Connection, pid: number): RunLock {
  let ended = false;
  connection.once('end', () => {
    ended = true;
  });
  const held = `
    SELECT FROM pg_locks
     WHERE locktype = 'advisory' AND classid = ${LOCK_CLASS} AND objid = ${lockObject('$1::text')} AND objsubid = 2
       AND granted AND pid = $2`;
  return {
    id,
    requireHeld: async (other) => {
      if (ended || (await other.query(held, [id, pid])).rowCount === 0) throw lockLost(id);
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

function lockLost(id: string): NoVerdictError {
  return new NoVerdictError({
    what: `run ${id} lost its lock on the server, so that its databases may be swept by another run`,
    why: 'the session that held the lock ended: the server was restarted, or the session terminated',
    next: 'run again; what this run left is swept then',
  });
}
