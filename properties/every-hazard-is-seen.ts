import { caseFacts, drawCase, judgeByPrediction, predict, type Property } from '../src/index.ts';

export const everyHazardIsSeen: Property = {
  name: 'every-hazard-is-seen',
  promise:
    'Where a registered hazard applies, the trial shows what the registry says, and a check or a tool reports it.',
  weight: 2,
  quickCases: 8,
  draw: (world) =>
    drawCase(world, 'anything').filter(
      (trial) => 'hazard' in predict(trial, caseFacts(trial.workload, world.subject), world),
    ),
  judge: (trial, lane) => judgeByPrediction(trial, lane),
};
