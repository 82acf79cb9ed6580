import { drawCase, judgeByPrediction, type Property } from '../src/index.ts';

export const aSecondDumpIsEqual: Property = {
  name: 'a-second-dump-is-equal',
  promise: 'The restored database, dumped by the same plan, gives the same script, but for random keys.',
  weight: 2,
  quickCases: 4,
  draw: (world) => drawCase(world, 'envelope'),
  judge: (trial, lane) => judgeByPrediction(trial, lane, { secondDump: true }),
};
