import {
  drawCase,
  drawInterruption,
  judgeInterruption,
  withWholePlans,
  type Property,
} from '../src/index.ts';

export const anInterruptedToolIsNeverSilent: Property = {
  name: 'an-interrupted-tool-is-never-silent',
  promise:
    'A dump or a restore that is killed, cut off, left without its server or without disk is refused, or everything is there; done again, it is faithful.',
  weight: 1,
  quickCases: 2,
  knows: 'the rules of the subject',
  needs: 'local server',
  draw: (world) => drawCase(world, 'envelope').map(withWholePlans).chain(drawInterruption),
  judge: judgeInterruption,
};
