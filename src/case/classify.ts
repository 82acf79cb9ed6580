import type { Case } from './case.ts';
import { classifyPlan } from './classes.ts';
import { classifyWorkload } from './classify-workload.ts';
import type { SubjectTraits } from './subject-traits.ts';

/** Every class that a case belongs to, of values, options and target. */
export function classify(trial: Case, traits: SubjectTraits): string[] {
  return [...classifyWorkload(trial.workload, traits), ...classifyPlan(trial)];
}
