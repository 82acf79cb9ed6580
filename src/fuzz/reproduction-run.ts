import { execa } from 'execa';
import { delimiter } from 'node:path';
import { connect, libpqEnvironment } from '../postgres/connection.ts';
import { markOf } from '../postgres/create-database.ts';
import { signalGroup } from '../postgres/process-group.ts';
import { databaseName, dropDatabase } from '../postgres/run-sweep.ts';
import type { LaneGround } from './lane.ts';

/** How the script ended. */
export interface ReproductionRun {
  readonly exitCode: number;
  readonly output: string;
}

const LIMIT_MILLISECONDS = 60_000;
/** The script drops its databases when it is told to end. */
const GRACE_MILLISECONDS = 5_000;
/** Further than a run counts its own databases, and still within the nine digits that the sweep knows. */
const FIRST_NUMBER = 900_000_000;
let scripts = 0;

/** Runs a script on the run's server. Undefined where it was not carried through: no shell, time limit, interruption. */
export async function runReproduction(
  script: string,
  ground: LaneGround,
): Promise<ReproductionRun | undefined> {
  if (ground.signal?.aborted) return undefined;
  const number = FIRST_NUMBER + 2 * scripts++;
  // Named and marked as the run's own, so that the next run sweeps them where this one dies.
  const names = [databaseName(ground.run.id, number), databaseName(ground.run.id, number + 1)] as const;
  try {
    return await runShell(script, ground, {
      ...environmentOf(ground),
      REPRO_SOURCE: names[0],
      REPRO_TARGET: names[1],
      REPRO_COMMENT: markOf(ground.run.id, 'repro.sh'),
    });
  } finally {
    await dropLeftOver(names, ground);
  }
}

function environmentOf({ engine, directory }: LaneGround): Record<string, string> {
  const { HOME = '', PATH = '', LD_LIBRARY_PATH } = process.env;
  const libraryPath = engine.tools.libraryPath ?? LD_LIBRARY_PATH;
  return {
    PATH: [engine.tools.directory, PATH].join(delimiter),
    HOME,
    // What a killed script leaves there goes away with the run.
    TMPDIR: directory,
    ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
    ...libpqEnvironment(engine.connectionTo(engine.maintenanceDatabase)),
  };
}

async function runShell(
  script: string,
  { signal }: LaneGround,
  env: Record<string, string>,
): Promise<ReproductionRun | undefined> {
  const child = execa('sh', [script], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    stderr: 'ignore',
    // A group of its own, so that its tools end with it.
    detached: true,
    maxBuffer: 16 * 1024 * 1024,
  });
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    signalGroup(child.pid, 'SIGTERM');
    setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MILLISECONDS).unref();
  };
  const limit = setTimeout(stop, LIMIT_MILLISECONDS);
  signal?.addEventListener('abort', stop);
  try {
    const { exitCode, stdout } = await child;
    return stopped || exitCode === undefined ? undefined : { exitCode, output: stdout };
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', stop);
  }
}

/** The script drops its databases itself; this is for one that was killed. */
async function dropLeftOver(names: readonly string[], { engine }: LaneGround): Promise<void> {
  try {
    await using connection = await connect(engine.connectionTo(engine.maintenanceDatabase));
    const { rows } = await connection.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE datname = ANY ($1)',
      [names],
    );
    for (const { datname } of rows) await dropDatabase(connection, datname, engine.serverVersion);
  } catch {
    // What stays is left to the sweep of the next run.
  }
}
