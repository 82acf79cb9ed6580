import { drawUpgrade, judgeByPrediction, type Property } from '../src/index.ts';

export const aNewerServerAgrees: Property = {
  name: 'a-newer-server-agrees',
  promise:
    'Dumped from one server and restored into one of the same or a newer version, every check holds; the way back and tools older than a server show what the registry says.',
  weight: 6,
  quickCases: 0,
  needs: 'second server',
  draw: (world) => drawUpgrade(world, 'envelope'),
  judge: (trial, lane) => judgeByPrediction(trial, lane),
};
