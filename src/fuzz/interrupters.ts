import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Interruption } from '../case/case.ts';
import { firstLine, NoVerdictError } from '../errors.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import type { LocalEngine } from '../postgres/local-engine.ts';
import type { Interrupter } from './interrupted-tools.ts';

const run = promisify(execFile);
const POLL_MILLISECONDS = 2;
const ULIMIT_BLOCK = 512;

/** What carries an interruption out, given what it is done to. */
export function interrupterFor(
  { kind, during }: Interruption,
  { maintenance, server, bytes }: Harmed,
): Interrupter {
  if (kind === 'tool-killed') return killTool;
  if (kind === 'connection-terminated') return terminateConnections(maintenance);
  if (kind === 'disk-full' && during === 'dump') return limitTool(bytes);
  if (!server) throw new Error('a server of its own is needed');
  return kind === 'server-stopped' ? restartServer(server) : limitServer(server, bytes);
}

export interface Harmed {
  readonly maintenance: ConnectionSettings;
  /** A server that nobody else is on; undefined where the interruption needs none. */
  readonly server: Pick<LocalEngine, 'pid' | 'restart'> | undefined;
  /** How long a file may become under `disk-full`. */
  readonly bytes: number;
}

const killTool: Interrupter = {
  strike: async ({ pid, over }) => {
    if (pid === undefined || over.aborted) return await Promise.resolve(false);
    return process.kill(pid, 'SIGKILL');
  },
};

function terminateConnections(maintenance: ConnectionSettings): Interrupter {
  const terminate = `SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity
    WHERE datname = $1 AND application_name IN ('pg_dump', 'pg_restore', 'psql')`;
  return {
    strike: async ({ database, over }) => {
      await using connection = await connect(maintenance);
      while (!over.aborted) {
        const { rows } = await connection.query<{ done: boolean }>(terminate, [database]);
        if (rows.some(({ done }) => done)) return true;
        await sleep(POLL_MILLISECONDS);
      }
      return false;
    },
  };
}

function restartServer(server: Harmed['server'] & object): Interrupter {
  return {
    strike: async ({ over }) => {
      if (over.aborted) return false;
      await server.restart();
      return true;
    },
  };
}

/**
 * A file of the tool's becomes so long and no longer: write(2) then fails with EFBIG as it does with ENOSPC on a full
 * disk, provided that SIGXFSZ, which comes first, is ignored (setrlimit(2), RLIMIT_FSIZE).
 */
function limitTool(bytes: number): Interrupter {
  const script = `trap '' XFSZ; ulimit -f "$1"; shift; exec "$@"`;
  const blocks = Math.floor(bytes / ULIMIT_BLOCK);
  return {
    options: { through: ['sh', '-c', script, 'sh', String(blocks)] },
    longestFile: blocks * ULIMIT_BLOCK,
  };
}

/** Whether the server's files can be limited: on Linux, with util-linux. */
export async function canLimitServer(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return await run('prlimit', ['--version'], {}).then(
    () => true,
    () => false,
  );
}

/** The same for the files of the server's new sessions; PostgreSQL ignores SIGXFSZ itself (postmaster.c). */
function limitServer(server: Harmed['server'] & object, bytes: number): Interrupter {
  const limit = async (most: string): Promise<void> => {
    // prlimit(2) asks for the same user and group, or else for a capability that containers take even from root.
    const { uid, gid } = await stat(`/proc/${server.pid}`);
    await run('prlimit', ['--pid', String(server.pid), `--fsize=${most}:`], { uid, gid });
  };
  return {
    around: async () => {
      try {
        await limit(String(bytes));
      } catch (cause) {
        throw new NoVerdictError({
          what: 'the files of the server cannot be limited by prlimit',
          why: firstLine(cause),
          cause,
        });
      }
      return { [Symbol.asyncDispose]: () => limit('unlimited') };
    },
  };
}
