import { join } from 'node:path';
import type { Case, Interruption } from '../case/case.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import { openLocalEngine, type LocalEngine } from '../postgres/local-engine.ts';
import { chooseSubject } from '../subject/choose-subject.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { interruptedTools, measuredTools, type Measure } from './interrupted-tools.ts';
import { canLimitServer, interrupterFor } from './interrupters.ts';
import { findingOf, judgeInvalidSource } from './judge-trial.ts';
import { Lane } from './lane.ts';
import { differenceOutside, lookFromOutside, type OutsideLook } from './outside-look.ts';
import type { Judgement, Tally } from './property.ts';
import { withGround } from './with-ground.ts';

const EXPECTED = 'refused where it was interrupted, and faithful when it is done again';

/**
 * A case of which a tool is interrupted. Undisturbed, it is measured first and has to be faithful. Interrupted, the tool
 * has to fail, or everything has to be there all the same; and where it failed, the same dump or restore done again has
 * to give the same bytes.
 */
export async function judgeInterruption(trial: Case, lane: Lane): Promise<Judgement> {
  const { disturbance } = trial;
  if (!disturbance || !('interruption' in disturbance)) throw new Error('the case has no interruption');
  const { interruption } = disturbance;
  const { kind, during } = interruption;
  const harmsServer = kind === 'server-stopped' || (kind === 'disk-full' && during === 'restore');
  if (!harmsServer) return await judgeOn(trial, interruption, lane);
  const { directory, version, libraryPath } = lane.ground.engine.tools;
  const library = libraryPath === undefined ? {} : { libraryPath };
  const { signal, trialMilliseconds, maxRows } = { ...lane.ground, maxRows: lane.ground.world.maxRows };
  await using server = await openLocalEngine({
    installation: { directory, version, ...library, source: 'the run', missing: [] },
    signal,
    // What was committed has to be there after the server was stopped at once; the machine goes on.
    serverOptions: { synchronous_commit: 'on' },
    // A limit on the length of files must let the server write its own, of which these are the longest.
    initdbOptions: ['--wal-segsize=1'],
  });
  const chosen = await chooseSubject({}, lane.ground.recorded);
  return await withGround(server, { chosen, signal, trialMilliseconds, maxRows }, (ground) =>
    judgeOn(trial, interruption, new Lane(ground, 'interrupted'), server),
  );
}

async function judgeOn(
  trial: Case,
  interruption: Interruption,
  lane: Lane,
  server?: LocalEngine,
): Promise<Judgement> {
  const { engine } = lane.ground;
  const measured = measuredTools(engine.tools);
  let restoredFile = 0;
  const { disturbance: _, ...honest } = trial;
  const undisturbed = await lane.roundTrip(honest, {
    tools: measured,
    thorough: false,
    inspect: async (restored) => void (restoredFile = await largestRelation(restored)),
  });
  if (undisturbed.verdict === 'source-invalid') return judgeInvalidSource(trial, undisturbed, lane);
  if (undisturbed.verdict !== 'faithful') {
    const finding = findingOf(undisturbed, 'what is not interrupted is not faithful', 'faithful');
    return { verdict: undisturbed.verdict, predicted: EXPECTED, finding };
  }
  if (server && interruption.kind === 'disk-full' && !(await canLimitServer())) {
    const tally = { ...rowOf(interruption), outcome: 'left out, for there is no prlimit here', details: [] };
    return { verdict: undisturbed.verdict, predicted: EXPECTED, tallies: [tally] };
  }
  const harmed = interruptedTools(
    engine.tools,
    {
      during: interruption.during,
      afterMilliseconds: interruption.at * measured.measure.milliseconds[interruption.during],
    },
    interrupterFor(interruption, {
      maintenance: engine.connectionTo(engine.maintenanceDatabase),
      server,
      bytes: limitOf(interruption, measured.measure, restoredFile),
    }),
  );
  return await judgeHarmed(trial, lane, { harmed, interruption });
}

/** A megabyte is for the server's own files: segments of its log, catalogs. */
const SERVER_BYTES = 1024 * 1024;

function limitOf({ during, at }: Interruption, { largestFile }: Measure, restoredFile: number): number {
  if (during === 'dump') return Math.floor(at * largestFile);
  return SERVER_BYTES + Math.floor(at * Math.max(0, restoredFile - SERVER_BYTES));
}

async function largestRelation(database: ConnectionSettings): Promise<number> {
  await using connection = await connect(database);
  const { rows } = await connection.query<{ bytes: string }>(
    `SELECT coalesce(max(pg_relation_size(oid)), 0)::text AS bytes FROM pg_class WHERE oid >= 16384`,
  );
  return Number(rows[0]?.bytes ?? 0);
}

interface Interrupted {
  readonly harmed: ReturnType<typeof interruptedTools>;
  readonly interruption: Interruption;
}

async function judgeHarmed(
  trial: Case,
  lane: Lane,
  { harmed, interruption }: Interrupted,
): Promise<Judgement> {
  await using directory = await lane.newDirectory();
  const { tools } = lane.ground.engine;
  let before: OutsideLook | undefined;
  let after: OutsideLook | undefined;
  const result = await lane.roundTrip(trial, {
    tools: harmed,
    again: interruption.during,
    thorough: false,
    whileDumping: async (source) => {
      before = await lookFromOutside(source, tools, join(directory.path, 'before'));
      return { [Symbol.asyncDispose]: () => Promise.resolve() };
    },
    inspect: async (restored) => {
      after = await lookFromOutside(restored, tools, join(directory.path, 'after'));
    },
  });
  // Undisturbed it was faithful: pg_restore refuses what the interrupted pg_dump left and said nothing about.
  const refused = interruption.during === 'dump' && result.refusal && !result.interrupted;
  const compared =
    result.verdict === 'faithful' && before && after
      ? await differenceOutside(before, after, tools)
      : result.verdict;
  const silent = refused ? undefined : compared;
  const judged = {
    verdict: result.interrupted ? ('refused' as const) : result.verdict,
    predicted: EXPECTED,
    tallies: [
      {
        ...rowOf(interruption),
        outcome: silent === undefined ? outcomeOf(result, harmed.struck()) : 'not faithful',
        details: [],
      },
    ],
  };
  if (silent === undefined) return judged;
  const when = result.interrupted ? 'done again after an interruption' : 'interrupted without a word';
  const finding = findingOf(result, `what was ${when} is not faithful: ${silent}`, EXPECTED);
  return { ...judged, finding };
}

function rowOf({ kind, during }: Interruption): Pick<Tally, 'of' | 'row'> {
  return { of: 'interrupted tools', row: `${kind}, during the ${during}` };
}

function outcomeOf({ interrupted, refusal }: TrialResult, struck: boolean): string {
  if (interrupted) return 'refused, and the same bytes when done again';
  if (refusal) return 'not told by pg_dump, and its archive refused';
  return struck ? 'went through, the same bytes' : 'over before it was interrupted';
}
