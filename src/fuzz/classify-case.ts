import { caseFacts } from '../case/case-facts.ts';
import type { Case } from '../case/case.ts';
import { classify } from '../case/classify.ts';
import type { World } from '../case/world.ts';
import { predict } from '../verdict/predict.ts';

/**
 * Every class that a case belongs to, of values, options and target, and what is predicted to decide it: `hazard:…`,
 * `rejection:…`.
 */
export function classifyCase(trial: Case, world: World): string[] {
  const prediction = predict(trial, caseFacts(trial.workload, world.subject), world);
  return [
    ...classify(trial, world.subject),
    ...('hazard' in prediction ? [`hazard:${prediction.hazard}`] : []),
    ...('because' in prediction ? [`rejection:${prediction.because}`] : []),
  ];
}
