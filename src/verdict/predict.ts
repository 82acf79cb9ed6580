import type { Case } from '../case/case.ts';
import type { CaseFacts } from '../case/case-facts.ts';
import type { World } from '../case/world.ts';
import { dumpSide, restoreSide } from '../text/sides.ts';
import { RESTORE_STAGES, type Hazard } from './hazard.ts';
import { HAZARDS } from './hazards.ts';
import { psqlGoesOn } from './plan-words.ts';
import { rejectionOf } from './rejections.ts';

/** What a case should show. */
export type Prediction =
  | { readonly verdict: 'faithful' }
  | { readonly verdict: 'source-invalid' }
  /** A tool rejects the plan: the id of the rejection. */
  | { readonly verdict: 'refused'; readonly because: string }
  /** `alone`: no other hazard applies. */
  | { readonly verdict: Hazard['verdict']; readonly hazard: string; readonly alone: boolean };

/**
 * What a case should show, decided from the case alone before it runs.
 *
 * Of several reasons the one that a trial meets first decides: the source, pg_dump's own objections, the dump, the
 * restoring tool's own objections, an error of the restore. Where psql goes on after that error, or nothing objects,
 * a loss of rows counts before a change of behaviour.
 */
export function predict(trial: Case, facts: CaseFacts, world: World): Prediction {
  if (facts.order === 'invalid') return { verdict: 'source-invalid' };
  // Nothing is known of the commands: what an operator does every night has to be faithful.
  if (trial.pipeline) return { verdict: 'faithful' };
  const applying = applyingHazards(trial, facts, world);
  return (
    rejected('dump', trial, dumpSide(trial, world)) ??
    hazardous(
      applying.find(({ stage }) => stage === 'dump'),
      applying,
    ) ??
    rejected('restore', trial, restoreSide(trial, world)) ??
    refusedRestore(psqlGoesOn(trial) ? applying.filter(({ stopsPsql }) => stopsPsql) : applying) ??
    hazardous(
      applying.find(({ verdict }) => verdict === 'lossy'),
      applying,
    ) ??
    hazardous(
      applying.find(({ verdict }) => verdict === 'drifted'),
      applying,
    ) ?? { verdict: 'faithful' }
  );
}

/** The hazards that apply to a case, each asked in the world in which it shows. */
export function applyingHazards(trial: Case, facts: CaseFacts, world: World): readonly Hazard[] {
  const sides = [dumpSide(trial, world), restoreSide(trial, world)] as const;
  return HAZARDS.filter(({ stage, applies }) => applies(trial, facts, sides[stage === 'dump' ? 0 : 1]));
}

function rejected(stage: 'dump' | 'restore', trial: Case, world: World): Prediction | undefined {
  const rejection = rejectionOf(trial, world, stage);
  return rejection && { verdict: 'refused', because: rejection.id };
}

/** The error of the earliest section. */
function refusedRestore(applying: readonly Hazard[]): Prediction | undefined {
  const [first] = RESTORE_STAGES.flatMap((section) => applying.filter(({ stage }) => stage === section));
  return hazardous(first, applying);
}

function hazardous(hazard: Hazard | undefined, applying: readonly Hazard[]): Prediction | undefined {
  return hazard && { verdict: hazard.verdict, hazard: hazard.id, alone: applying.length === 1 };
}

/** A prediction in words: `faithful`, `refused (tar-compressed)`, `drifted (hazard ties-in-another-order)`. */
export function describePrediction(prediction: Prediction): string {
  if ('because' in prediction) return `${prediction.verdict} (${prediction.because})`;
  return 'hazard' in prediction ? `${prediction.verdict} (hazard ${prediction.hazard})` : prediction.verdict;
}
