import fc from 'fast-check';
import { judgeByPrediction, smokeCase, type Property } from '../src/index.ts';

const MOST_ROWS = 60;

export const theFixedCycleIsFaithful: Property = {
  name: 'the-fixed-cycle-is-faithful',
  promise: 'The fixed cycle, with 24 rows or any other number, is faithful.',
  weight: 1,
  quickCases: 2,
  draw: () => fc.oneof(fc.constant(24), fc.integer({ min: 1, max: MOST_ROWS })).map(smokeCase),
  judge: (trial, lane) => judgeByPrediction(trial, lane, { secondDump: true }),
};
