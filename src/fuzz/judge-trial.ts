import { caseFacts, type CaseFacts } from '../case/case-facts.ts';
import type { Case } from '../case/case.ts';
import { describePrediction, predict, type Prediction } from '../verdict/predict.ts';
import type { CheckResult } from '../verdict/check.ts';
import { reasonOf, surpriseIn } from '../verdict/surprise.ts';
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
  const { world } = lane.ground;
  const facts = factsOf(trial, lane);
  const prediction = predict(trial, facts, world);
  const result = await lane.roundTrip(trial, options);
  const predicted = describePrediction(prediction);
  const surprise = surpriseIn({ trial, facts, world, prediction }, result) ?? disturbanceSeen(trial, result);
  const judged = { verdict: result.verdict, predicted, prediction, result };
  return surprise === undefined ? judged : { ...judged, finding: findingOf(result, surprise, predicted) };
}

function factsOf(trial: Case, { ground }: Lane): CaseFacts {
  return caseFacts(trial.workload, ground.world.subject);
}

/** What was done on purpose must not pass for a hazard that happens to apply. */
function disturbanceSeen({ disturbance }: Case, result: TrialResult): string | undefined {
  const shows = disturbance && (result.verdict === 'lossy' || result.verdict === 'drifted');
  return shows ? `the disturbance shows${reasonOf(result)}` : undefined;
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
