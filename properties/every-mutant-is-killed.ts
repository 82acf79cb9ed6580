import { drawMutantCase, judgeMutant, type Property } from '../src/index.ts';

/** The canaries of every run; on its own only where it is asked for. */
export const everyMutantIsKilled: Property = {
  name: 'every-mutant-is-killed',
  promise: 'Whatever known fault is put into a trial on purpose, a check or a tool reports it.',
  weight: 0,
  quickCases: 3,
  knows: 'the built-in schema',
  draw: drawMutantCase,
  judge: judgeMutant,
};
