import { drawCase, judgeContinuation, withGivenTimes, type Property } from '../src/index.ts';

export const theChainGoesOn: Property = {
  name: 'the-chain-goes-on',
  promise: 'Rows appended after the restore give the same chain as they would have given without it.',
  weight: 2,
  quickCases: 4,
  draw: (world) =>
    drawCase(world, 'envelope').map((trial) => ({ ...trial, workload: withGivenTimes(trial.workload) })),
  judge: judgeContinuation,
};
