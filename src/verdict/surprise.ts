import type { Case } from '../case/case.ts';
import type { CaseFacts } from '../case/case-facts.ts';
import type { World } from '../case/world.ts';
import { mostTelling } from './check.ts';
import { sparedBy, wordsOf, type Hazard } from './hazard.ts';
import { HAZARDS } from './hazards.ts';
import { applyingHazards, describePrediction, type Prediction } from './predict.ts';
import { REJECTIONS } from './rejections.ts';
import type { TrialResult } from './trial-result.ts';

/** What a prediction was made from. */
export interface Predicted {
  readonly trial: Case;
  readonly facts: CaseFacts;
  readonly world: World;
  readonly prediction: Prediction;
}

type Shown = Pick<TrialResult, 'verdict' | 'checks' | 'refusal' | 'sourceFault'>;

/**
 * What is not as predicted, in a sentence; undefined where all is: the verdict, for a refusal the tool and what it says,
 * for a hazard the checks that see it and, where it is alone, those that it spares.
 */
export function surpriseIn(predicted: Predicted, result: Shown): string | undefined {
  const { prediction } = predicted;
  const { verdict } = result;
  if (verdict !== prediction.verdict) {
    return `${describePrediction(prediction)} was predicted, and the trial was ${verdict}${reasonOf(result)}`;
  }
  if (verdict === 'source-invalid' && !result.sourceFault?.startsWith('the verifier says: break')) {
    return `the source is invalid for another reason: ${result.sourceFault}`;
  }
  if ('because' in prediction) return otherRejection(prediction.because, result);
  if (!('hazard' in prediction)) return undefined;
  const hazard = HAZARDS.find(({ id }) => id === prediction.hazard);
  if (!hazard) return undefined;
  return verdict === 'refused'
    ? otherRefusal(hazard, predicted, result)
    : otherChecks(hazard, predicted, result);
}

function otherRejection(id: string, { refusal }: Shown): string | undefined {
  const rejection = REJECTIONS.find((one) => one.id === id);
  if (!rejection || !refusal) return undefined;
  const dumping = refusal.stage === 'pg_dump';
  if (dumping !== (rejection.stage === 'dump')) return byAnotherTool(refusal);
  return rejection.says.test(refusal.firstErrorLine) ? undefined : forAnotherReason(refusal);
}

function otherRefusal(hazard: Hazard, predicted: Predicted, { refusal }: Shown): string | undefined {
  if (!refusal) return undefined;
  if (refusal.stage !== toolOf(hazard, predicted.trial)) return byAnotherTool(refusal);
  const said = candidates(hazard, predicted).some((one) =>
    wordsOf(one, predicted.trial)?.test(refusal.firstErrorLine),
  );
  return said ? undefined : forAnotherReason(refusal);
}

/** The tool that meets the error: a script that pg_restore has made is run by psql. */
function toolOf({ stage, byPgRestore = false }: Hazard, { restore }: Case): string {
  if (stage === 'dump') return 'pg_dump';
  return restore.tool === 'pg_restore' || byPgRestore ? 'pg_restore' : 'psql';
}

/**
 * The hazards whose error may be told first: the predicted one. Workers of a parallel restore fail in any order; they do
 * data and what comes after, once pre-data are there (src/bin/pg_dump/pg_backup_archiver.c, restore_toc_entries_parallel).
 * And where an installation has rows of its own, the order of its tables is not known.
 */
function candidates(hazard: Hazard, { trial, facts, world }: Predicted): Hazard[] {
  const { jobs = 1, tool } = trial.restore;
  const byWorkers = (stage: Hazard['stage']): boolean => stage === 'data' || stage === 'post-data';
  const parallel = jobs > 1 && tool === 'pg_restore' && byWorkers(hazard.stage);
  const anyTable = (world.subject.installed?.rows ?? 0) > 0;
  const others = applyingHazards(trial, facts, world).filter(
    (one) => (parallel && byWorkers(one.stage)) || (anyTable && one.stage === hazard.stage),
  );
  return [hazard, ...others];
}

function otherChecks(hazard: Hazard, { prediction, world }: Predicted, result: Shown): string | undefined {
  const failed = new Set(result.checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id));
  if (!hazard.seenBy.some((id) => failed.has(id)))
    return `none of the checks reports the hazard ${hazard.id} that should`;
  const alone = 'alone' in prediction && prediction.alone;
  const beyond = alone ? sparedBy(hazard, world.subject).find((id) => failed.has(id)) : undefined;
  return beyond && `the hazard ${hazard.id} does not explain that ${beyond} fails`;
}

type Refused = NonNullable<TrialResult['refusal']>;

const byAnotherTool = ({ stage, firstErrorLine }: Refused): string =>
  `another tool refused than was predicted, ${stage}: ${firstErrorLine}`;
const forAnotherReason = ({ firstErrorLine }: Refused): string =>
  `a tool refused for another reason: ${firstErrorLine}`;

/** Why a trial is what it is, as the end of a sentence. */
export function reasonOf({ refusal, checks, sourceFault }: Shown): string {
  if (refusal) return `: ${refusal.firstErrorLine}`;
  if (sourceFault !== undefined) return `: ${sourceFault}`;
  const failed = mostTelling(checks.filter(({ outcome }) => outcome === 'failed'));
  return failed ? `: ${failed.id}: ${failed.summary}` : '';
}
