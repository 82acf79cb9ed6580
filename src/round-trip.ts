import { join } from 'node:path';
import type { Case } from './case/case.ts';
import { expectedEffect } from './case/expected-effect.ts';
import { fixedCycle } from './case/smoke-case.ts';
import { compareDumps } from './dump/compare-dumps.ts';
import { damageDump } from './dump/damage-dump.ts';
import { runDump } from './dump/run-dump.ts';
import { readHabits, secondPlan } from './dump/second-plan.ts';
import { NoVerdictError } from './errors.ts';
import { FaultAtWork } from './mutants/fault-at-work.ts';
import type { ToolRun } from './postgres/client-tools.ts';
import { connect, inDatabase, type Connection, type ConnectionSettings } from './postgres/connection.ts';
import { PipelineRun } from './pipeline/pipeline-run.ts';
import { endSessions } from './postgres/end-sessions.ts';
import { openTarget, type OpenTarget } from './restore/open-target.ts';
import { runRestore } from './restore/run-restore.ts';
import { performActs } from './snapshot/acts/perform-acts.ts';
import { tryForbidden } from './snapshot/acts/try-forbidden.ts';
import { locateDifferences } from './snapshot/locate-differences.ts';
import type { Snapshot } from './snapshot/snapshot.ts';
import { takeSnapshot } from './snapshot/take-snapshot.ts';
import { loadChain } from './subject/load-chain.ts';
import type { ScriptDifference } from './verdict/check.ts';
import { exemptObjects, exemptProperties, serversOwn } from './verdict/exemptions.ts';
import { runChecks, verdictOf } from './verdict/judge.ts';
import { refusalOf, type Refusal } from './verdict/refusal.ts';
import { sourceFault } from './verdict/source-fault.ts';
import type { Step, StepName, TrialResult } from './verdict/trial-result.ts';
import {
  requireOwnFault,
  type Backup,
  type Judged,
  type JudgeAnother,
  type TrialPlace,
} from './trial-place.ts';
import { withinTime } from './until-interrupted.ts';
import { applyWorkload } from './workload/apply-workload.ts';

/**
 * One case through all rooms: workload, snapshot, dump, wipe, restore, snapshot, second dump, acts, verdict.
 *
 * @throws UsageError for plans and a target that cannot be combined on any command line
 * @throws NoVerdictError and connection errors, where infrastructure gave way
 */
export async function roundTrip(trial: Case, place: TrialPlace): Promise<TrialResult> {
  const steps: Step[] = [];
  const limit = { milliseconds: place.trialMilliseconds, late: () => tooLate(place, steps) };
  // Around the time limit: a server that a pipeline started is stopped before anything is taken away under it.
  await using pipeline = trial.pipeline && new PipelineRun(trial.pipeline, place);
  return await withinTime({ ...limit, signal: place.signal }, (signal) =>
    throughAllRooms(trial, { ...place, signal }, { steps, pipeline }),
  );
}

async function throughAllRooms(
  trial: Case,
  place: TrialPlace,
  { steps, pipeline }: { steps: Step[]; pipeline: PipelineRun | undefined },
): Promise<TrialResult> {
  const { database } = place;
  const step = stepClock(steps, place);
  const fault = await FaultAtWork.of(trial);
  const carriedOut = fault.carriedOut(trial);

  const end = async (shown: TrialResult, target = database, judge?: JudgeAnother): Promise<TrialResult> => {
    const result = { ...shown, commands: pipeline?.runs };
    await place.hold?.({ source: database, target }, result, judge);
    return result;
  };

  const going = { carriedOut, fault, pipeline, steps, step };
  const backup = place.backup ?? (await backUp(trial, place, going));
  if ('verdict' in backup) return await end(backup);
  place.onBackup?.(backup);
  const { interrupted } = backup;

  const wiped = pipeline?.wipes ? await step('wipe command', () => pipeline.wipe(place.signal)) : undefined;
  if (wiped?.failed)
    return await end(
      await refused(wiped.failed, place, { source: backup.source, steps, struck: fault.struck }),
    );
  await using target = await step('wipe', () =>
    openTarget(trial, { ...place, emptied: wiped !== undefined }),
  );
  const through = { ...going, ...backup, target };
  const first = await bringBack(trial, place, through);
  const result =
    first.refusal && place.again === 'restore'
      ? await bringBackAgain(trial, place, through, first.refusal)
      : { ...first, ...(interrupted ? { interrupted } : {}) };
  const restored = pipeline?.restoredAt(target.settings) ?? target.settings;
  return await end(result, restored, (settings) => judgeRestored(trial, place, through, settings));
}

/** What goes through all rooms. */
interface Going {
  /** The case itself, unless a fault puts another in its place. */
  readonly carriedOut: Case;
  readonly fault: FaultAtWork;
  readonly pipeline: PipelineRun | undefined;
  readonly steps: readonly Step[];
  readonly step: ReturnType<typeof stepClock>;
}

interface Dumped extends Going, Omit<Backup, 'interrupted'> {
  readonly target: OpenTarget;
}

/** The first half: from the workload to the dump. A result where it ends there. */
async function backUp(trial: Case, place: TrialPlace, going: Going): Promise<Backup | TrialResult> {
  const { database, subject, thorough = true } = place;
  const { carriedOut, fault, pipeline, steps, step } = going;
  const { effect, before, forbidden } = await inDatabase(database, async (connection) => {
    const load = (rows: number) => loadChain(connection, subject, fixedCycle(rows));
    const { workload } = trial;
    const written = await step('workload', () => applyWorkload(connection, workload, subject.writing, load));
    await place.prepare?.(connection);
    await fault.prepareSource(connection);
    return {
      effect: written,
      before: await step('source snapshot', () => snapshot(place, connection)),
      forbidden: thorough ? await tryForbidden(connection, subject, 'left') : undefined,
    };
  });
  const invalid = sourceFault(before, expectedEffect(trial.workload, subject.traits), effect);
  if (invalid !== undefined)
    return { verdict: 'source-invalid', checks: [], sourceFault: invalid, source: before, steps };

  let interrupted: Refusal | undefined;
  const dumped = await step('dump', async () => {
    await using _ = await place.whileDumping?.(database);
    const dump = () => pipeline?.dump(place.signal) ?? runDump(carriedOut, { ...place, source: database });
    const first = await dump();
    if (!first.failed || place.again !== 'dump') return first;
    interrupted = refusalOf(first.failed);
    return await dump();
  });
  if (dumped.failed)
    return await refused(dumped.failed, place, { source: before, steps, struck: fault.struck });
  const moved = await fault.moveSource(() => connect(database));
  const source = moved ? await inDatabase(database, (connection) => snapshot(place, connection)) : before;
  await fault.spoilArchives(trial, dumped.archives);
  if (trial.disturbance && 'damage' in trial.disturbance) {
    fault.struck = await damageDump(dumped.archives, trial.disturbance.damage);
  }
  return { source, forbidden, archives: dumped.archives, interrupted };
}

/** The second half: from the dump to the verdict. */
async function bringBack(trial: Case, place: TrialPlace, dumped: Dumped): Promise<TrialResult> {
  const { carriedOut, fault, source, archives, target, pipeline, steps, step } = dumped;
  const restoring = await step('restore', async () =>
    pipeline
      ? await pipeline.restore(target.settings, place.signal)
      : await runRestore(carriedOut, {
          ...place,
          tools: place.restoreTools ?? place.tools,
          archives,
          target: target.settings,
        }),
  );
  const { struck } = fault;
  if (restoring.failed) return await refused(restoring.failed, place, { source, steps, struck });
  await target.proveRestored();
  const settings = pipeline?.restoredAt(target.settings) ?? target.settings;
  await fault.spoilRestored(() => connect(settings));
  if (place.disturb) await inDatabase(settings, place.disturb);

  const judged = await judgeRestored(trial, place, dumped, settings);
  await place.inspect?.(settings);
  return { ...judged, source, steps, struck: fault.struck };
}

/** What the restored database says and does, against the source. */
async function judgeRestored(
  trial: Case,
  place: TrialPlace,
  dumped: Omit<Dumped, 'target'>,
  settings: ConnectionSettings,
): Promise<Judged> {
  const { thorough = true, secondDump = thorough, subject } = place;
  const { source, forbidden, archives, pipeline, step, fault } = dumped;
  // The second dump comes before the acts: what they do is rolled back, but sequences stay where they went.
  const seen = await inDatabase(settings, async (connection) => ({
    restored: await step('restored snapshot', () => snapshot(place, connection, source)),
    secondDump:
      secondDump && !pipeline
        ? await step('second dump', () => dumpAgain(trial, place, { settings, archives, fault }))
        : undefined,
    acts: thorough ? await step('acts', () => performActs(connection, subject)) : undefined,
  }));
  const exempt = {
    exempt: exemptObjects(trial, subject.traits),
    exemptProperties: exemptProperties(trial),
    serversOwn: serversOwn(trial),
  };
  const located = await locateDifferences(source, seen.restored);
  const { refuses } = subject;
  const checks = runChecks({ source, forbidden, refuses, ...seen, ...exempt, located });
  return { verdict: verdictOf(checks), checks, restored: seen.restored };
}

/** The same restore into a clean target, of which nobody is left from the first time. */
async function bringBackAgain(
  trial: Case,
  place: TrialPlace,
  dumped: Dumped,
  interrupted: Refusal,
): Promise<TrialResult> {
  await endSessions(place.maintenance, dumped.target.settings.database);
  await using target = await dumped.step('wipe', () => openTarget(trial, place));
  return { ...(await bringBack(trial, place, { ...dumped, target })), interrupted };
}

/** A tool that exited non-zero, by a fault of its own: that is a refusal of the plan. */
async function refused(
  run: ToolRun,
  place: TrialPlace,
  rest: Pick<TrialResult, 'source' | 'steps' | 'struck'>,
): Promise<TrialResult> {
  await requireOwnFault(run, place, rest.struck);
  return { verdict: 'refused', checks: [], refusal: refusalOf(run), ...rest };
}

function snapshot(place: TrialPlace, connection: Connection, source?: Snapshot): Promise<Snapshot> {
  const { subject, directory } = place;
  const phase = source ? 'restored' : 'source';
  const trailFile = join(directory, `${phase}.rows`);
  return takeSnapshot(connection, { phase, subject, orderedLike: source, keepValues: true, trailFile });
}

/** The restored database dumped by the same plan and compared with the first dump; null where both are equal. */
async function dumpAgain(
  trial: Case,
  place: TrialPlace,
  first: { settings: ConnectionSettings; archives: readonly string[]; fault: FaultAtWork },
): Promise<ScriptDifference | null> {
  // A database that was restored over the source has the source's encoding and settings.
  const dump =
    trial.target.kind === 'fresh'
      ? secondPlan(trial.dump, await inDatabase(place.database, readHabits))
      : trial.dump;
  const directory = join(place.directory, 'second');
  const again = await runDump({ ...trial, dump }, { ...place, source: first.settings, directory });
  if (again.failed) return await notDumped(again.failed, place, first.fault);
  const compared = await compareDumps(first.archives, again.archives, { ...place, plans: trial });
  return 'failed' in compared ? await notDumped(compared.failed, place, first.fault) : compared.difference;
}

/** What is restored cannot be dumped as its source could: that is no refusal of the plan, which went through once. */
async function notDumped(
  run: ToolRun,
  place: TrialPlace,
  { struck }: FaultAtWork,
): Promise<ScriptDifference> {
  await requireOwnFault(run, place, struck);
  return { line: 1, first: 'a dump', second: refusalOf(run).firstErrorLine };
}

function tooLate({ trialMilliseconds = 0 }: TrialPlace, steps: readonly Step[]): NoVerdictError {
  const last = steps.at(-1)?.name;
  return new NoVerdictError({
    what: `the trial did not end within ${trialMilliseconds / 1000} s and was given up`,
    why: last === undefined ? 'its first step, the workload, went on' : `nothing came after the step ${last}`,
    next: 'look for a lock or a full disk on the server, and for a tool that hangs; --trial-timeout gives it more time',
  });
}

function stepClock(steps: Step[], { onStep, signal }: TrialPlace) {
  return async <T>(name: StepName, work: () => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    const started = performance.now();
    const value = await work();
    const step = { name, milliseconds: performance.now() - started };
    steps.push(step);
    onStep?.(step);
    return value;
  };
}
