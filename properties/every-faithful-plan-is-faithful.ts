import { drawCase, judgeByPrediction, type Property } from '../src/index.ts';

export const everyFaithfulPlanIsFaithful: Property = {
  name: 'every-faithful-plan-is-faithful',
  promise:
    'Within the envelope, whatever the workload, plan and target, every check holds after the restore.',
  weight: 6,
  quickCases: 16,
  draw: (world) => drawCase(world, 'envelope'),
  judge: (trial, lane) => judgeByPrediction(trial, lane),
};
