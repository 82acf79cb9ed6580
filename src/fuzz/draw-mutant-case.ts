import fc from 'fast-check';
import { caseFacts } from '../case/case-facts.ts';
import type { Case } from '../case/case.ts';
import { drawCase } from '../case/draw-case.ts';
import type { World } from '../case/world.ts';
import { MUTANTS } from '../mutants/catalogue.ts';
import { predict } from '../verdict/predict.ts';
import { fitting } from './selftest/fits.ts';

const SEEN = MUTANTS.filter(({ unseen }) => unseen === undefined);

/** A case that would be faithful, with a mutant that it gives something to strike at and that has to be seen. */
export function drawMutantCase(world: World): fc.Arbitrary<Case> {
  return drawFaithfulCase(world).chain((trial) =>
    fc
      .constantFrom(...fitting(SEEN, trial, world).map(({ id }) => id))
      .map((mutant) => ({ ...trial, disturbance: { mutant } })),
  );
}

/** A case of the envelope that a faithful verdict is predicted for. */
export function drawFaithfulCase(world: World): fc.Arbitrary<Case> {
  return drawCase(world, 'envelope').filter(
    (trial) => predict(trial, caseFacts(trial.workload, world.subject), world).verdict === 'faithful',
  );
}
