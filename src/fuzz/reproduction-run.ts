import type { Case } from '../case/case.ts';
import { connect } from '../postgres/connection.ts';
import { signalGroup } from '../postgres/process-group.ts';
import { startInGroup } from '../postgres/running-program.ts';
import { dropDatabase } from '../postgres/run-sweep.ts';
import type { LaneGround } from './lane.ts';
import { placeOf, type ReproductionPlace } from './reproduction-place.ts';

/** How the script ended. */
export interface ReproductionRun {
  readonly exitCode: number;
  readonly output: string;
}

const LIMIT_MILLISECONDS = 60_000;
/** The script drops its databases when it is told to end. */
const GRACE_MILLISECONDS = 5_000;

/**
 * Runs the script of a case on the run's own servers. Undefined where it was not carried through: no shell, time limit,
 * interruption.
 */
export async function runReproduction(
  script: string,
  trial: Case,
  ground: LaneGround,
): Promise<ReproductionRun | undefined> {
  if (ground.signal?.aborted) return undefined;
  await using place = await placeOf(script, trial, ground);
  try {
    return await runShell(place, ground);
  } finally {
    await dropLeftOver(place);
  }
}

async function runShell(
  { script, environment, account }: ReproductionPlace,
  { signal }: LaneGround,
): Promise<ReproductionRun | undefined> {
  const { pid, ended } = startInGroup('sh', [script], { environment, account });
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    signalGroup(pid, 'SIGTERM');
    setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MILLISECONDS).unref();
  };
  const limit = setTimeout(stop, LIMIT_MILLISECONDS);
  signal?.addEventListener('abort', stop);
  try {
    const { exitCode, stdout } = await ended;
    return stopped || exitCode === undefined ? undefined : { exitCode, output: stdout };
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', stop);
  }
}

/** The script drops its databases itself; this is for one that was killed. */
async function dropLeftOver({ left }: ReproductionPlace): Promise<void> {
  for (const { engine, names } of left) {
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
}
