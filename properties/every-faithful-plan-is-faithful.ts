import { drawAnotherRestore, drawCase, judgeByPrediction, type Property } from '../src/index.ts';

export const everyFaithfulPlanIsFaithful: Property = {
  name: 'every-faithful-plan-is-faithful',
  promise:
    'Within the envelope, whatever the workload, plan and target, every check holds after the restore.',
  weight: 6,
  quickCases: 16,
  draw: (world) => drawCase(world, 'envelope'),
  drawAnotherRestore,
  judge: (trial, lane) => judgeByPrediction(trial, lane),
};
