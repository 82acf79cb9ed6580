import { caseFacts, type CaseFacts } from '../case/case-facts.ts';
import type { Case } from '../case/case.ts';
import type { SubjectTraits } from '../case/subject-traits.ts';
import { sparedBy } from '../verdict/hazard.ts';
import { HAZARDS } from '../verdict/hazards.ts';
import { describePrediction, predict, type Prediction } from '../verdict/predict.ts';
import { mostTelling, type CheckResult } from '../verdict/check.ts';
import { REJECTIONS } from '../verdict/rejections.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import type { Lane, TrialOptions } from './lane.ts';
import type { Finding, Judgement } from './property.ts';

/** A judgement with what it was made of. */
export interface PredictedJudgement extends Judgement {
  readonly prediction: Prediction;
  readonly result: TrialResult;
}

/** Predicts, runs and compares: the verdict has to be the predicted one, for the predicted reason. */
export async function judgeByPrediction(
  trial: Case,
  lane: Lane,
  options?: TrialOptions,
): Promise<PredictedJudgement> {
  const prediction = predict(trial, factsOf(trial, lane), lane.ground.world);
  const result = await lane.roundTrip(trial, options);
  const predicted = describePrediction(prediction);
  const says = refusalsOf(trial, prediction, lane);
  const surprise =
    surpriseIn(prediction, result, { says, subject: lane.ground.world.subject }) ??
    disturbanceSeen(trial, result);
  const judged = { verdict: result.verdict, predicted, prediction, result };
  return surprise === undefined ? judged : { ...judged, finding: findingOf(result, surprise, predicted) };
}

function factsOf(trial: Case, { ground }: Lane): CaseFacts {
  return caseFacts(trial.workload, ground.world.subject);
}

/**
 * What the tool may say that a hazard makes refuse. Of several errors the first one decides, except under parallel
 * jobs, where whichever worker fails first does, and among tables whose order by name is not the subject's matter.
 */
function refusalsOf(trial: Case, prediction: Prediction, { ground }: Lane): RegExp[] {
  if (!('hazard' in prediction)) return [];
  const anyOrder = (trial.restore.jobs ?? 1) > 1 || (ground.world.subject.installed?.rows ?? 0) > 0;
  const facts = caseFacts(trial.workload, ground.world.subject);
  return HAZARDS.filter(
    ({ id, applies }) => id === prediction.hazard || (anyOrder && applies(trial, facts, ground.world)),
  ).flatMap(({ says }) => says ?? []);
}

/** What is not as predicted, in a sentence. */
function surpriseIn(
  prediction: Prediction,
  result: TrialResult,
  { says, subject }: { readonly says: readonly RegExp[]; readonly subject: SubjectTraits },
): string | undefined {
  const { verdict } = result;
  if (verdict !== prediction.verdict) {
    return `${describePrediction(prediction)} was predicted, and the trial was ${verdict}${reasonOf(result)}`;
  }
  if (verdict === 'source-invalid' && !result.sourceFault?.startsWith('the verifier says: break')) {
    return `the source is invalid for another reason: ${result.sourceFault}`;
  }
  const line = result.refusal?.firstErrorLine ?? '';
  const otherReason = `a tool refused for another reason: ${line}`;
  if ('because' in prediction) {
    const rejection = REJECTIONS.find(({ id }) => id === prediction.because);
    return rejection?.says.test(line) === false ? otherReason : undefined;
  }
  if (!('hazard' in prediction)) return undefined;
  const hazard = HAZARDS.find(({ id }) => id === prediction.hazard);
  if (verdict === 'refused' && !says.some((words) => words.test(line))) return otherReason;
  const failed = new Set(result.checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id));
  const unseen = hazard && hazard.seenBy.length > 0 && !hazard.seenBy.some((id) => failed.has(id));
  if (unseen) return `none of the checks reports the hazard ${hazard.id} that should`;
  const beyond =
    hazard && prediction.alone ? sparedBy(hazard, subject).find((id) => failed.has(id)) : undefined;
  return beyond && `the hazard ${prediction.hazard} does not explain that ${beyond} fails`;
}

/** What was done on purpose must not pass for a hazard that happens to apply. */
function disturbanceSeen({ disturbance }: Case, result: TrialResult): string | undefined {
  const shows = disturbance && (result.verdict === 'lossy' || result.verdict === 'drifted');
  return shows ? `the disturbance shows${reasonOf(result)}` : undefined;
}

function reasonOf({ refusal, checks, sourceFault }: TrialResult): string {
  if (refusal) return `: ${refusal.firstErrorLine}`;
  if (sourceFault !== undefined) return `: ${sourceFault}`;
  const failed = mostTelling(checks.filter(({ outcome }) => outcome === 'failed'));
  return failed ? `: ${failed.id}: ${failed.summary}` : '';
}

/** An invalid source ends a comparison; it is a finding unless the case was drawn to be one. */
export function judgeInvalidSource(trial: Case, result: TrialResult, lane: Lane): Judgement {
  const drawn = factsOf(trial, lane).order === 'invalid';
  const predicted = drawn ? 'source-invalid' : 'a source that is sound';
  const summary = `the source is invalid: ${result.sourceFault}`;
  return {
    verdict: result.verdict,
    predicted,
    ...(drawn ? {} : { finding: findingOf(result, summary, predicted) }),
  };
}

/** A finding out of a result, with whatever checks failed. */
export function findingOf(result: TrialResult, summary: string, expected: string): Finding {
  const checks = result.checks.filter(({ outcome }) => outcome === 'failed');
  return {
    summary,
    expected,
    verdict: result.verdict,
    failed: checks.map(({ id }) => id),
    checks,
    stage: result.refusal?.stage,
    errorLine: result.refusal?.firstErrorLine,
    printed: result.commands?.filter(({ stdout, stderr }) => `${stdout}${stderr}`.trim() !== ''),
  };
}

/** A finding about a comparison of the property's own, that the checks of a round trip do not make. */
export function ownFinding(result: TrialResult, check: CheckResult, expected: string): Finding {
  return {
    summary: check.summary,
    expected,
    verdict: result.verdict === 'faithful' ? 'drifted' : result.verdict,
    failed: [check.id],
    checks: [check],
  };
}
