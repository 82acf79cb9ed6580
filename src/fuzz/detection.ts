import { caseFacts } from '../case/case-facts.ts';
import type { Case } from '../case/case.ts';
import { hazardsToDraw } from '../case/recipes.ts';
import type { World } from '../case/world.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { predict } from '../verdict/predict.ts';
import { REJECTIONS } from '../verdict/rejections.ts';
import { drawAt, type Drawn } from './draw.ts';
import { fitting } from './selftest/fits.ts';

/** Something that a run is to come upon, and after how many cases of each seed it does. */
export interface Detection {
  readonly kind: 'hazard' | 'mutant' | 'rejection';
  readonly id: string;
  /** In the order of the seeds; Infinity where it is not among the cases that were drawn. */
  readonly cases: readonly number[];
}

export interface DetectionPlan {
  readonly world: World;
  readonly draw: Drawn<Case>;
  readonly seeds: readonly number[];
  /** How many cases of each seed are drawn. */
  readonly most: number;
  readonly mutants: readonly Mutant[];
}

/**
 * How many cases of a run it takes until each hazard, mutant and rejection comes. Cases are drawn and not run: a hazard
 * comes with the first case that it is predicted to decide, a mutant with the first one that is predicted to be faithful
 * and gives it something to strike at. That it is then seen is for runs and for the self-test to show.
 */
export function casesToDetection(plan: DetectionPlan): Detection[] {
  const { world, mutants } = plan;
  const firsts = plan.seeds.map((seed) => firstCases(plan, seed));
  const detection = (kind: Detection['kind'], id: string): Detection => ({
    kind,
    id,
    cases: firsts.map((first) => first.get(`${kind} ${id}`) ?? Infinity),
  });
  return [
    ...hazardsToDraw(world).map((id) => detection('hazard', id)),
    ...mutants.map(({ id }) => detection('mutant', id)),
    ...REJECTIONS.map(({ id }) => detection('rejection', id)),
  ];
}

/** The number of the first case of each, counted from 1. */
function firstCases({ world, draw, most, mutants }: DetectionPlan, seed: number): Map<string, number> {
  const first = new Map<string, number>();
  let unseen = mutants;
  for (let index = 0; index < most; index++) {
    const trial = drawAt(draw, seed, index);
    const prediction = predict(trial, caseFacts(trial.workload, world.subject), world);
    const met = (what: string): void => void (first.has(what) || first.set(what, index + 1));
    if ('hazard' in prediction) met(`hazard ${prediction.hazard}`);
    if ('because' in prediction) met(`rejection ${prediction.because}`);
    if (prediction.verdict !== 'faithful' || unseen.length === 0) continue;
    for (const { id } of fitting(unseen, trial, world)) met(`mutant ${id}`);
    unseen = unseen.filter(({ id }) => !first.has(`mutant ${id}`));
  }
  return first;
}
