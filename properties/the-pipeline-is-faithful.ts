import { drawPipelineCase, judgeByPrediction, type Pipeline, type Property } from '../src/index.ts';

/** What the suite tries; `fuzz --pipeline` puts an operator's own in its place. */
const CUSTOM: Pipeline = {
  name: 'custom',
  targets: ['wiped', 'fresh'],
  dump: 'pg_dump --format=custom --file={dump}',
  restore: 'pg_restore --exit-on-error --dbname={target_url} {dump}',
};

export const thePipelineIsFaithful: Property = {
  name: 'the-pipeline-is-faithful',
  promise:
    'Whatever the workload, an operator’s own commands bring every row, the chain and the schema back.',
  weight: 0,
  quickCases: 3,
  draw: (world) => drawPipelineCase(world, CUSTOM),
  judge: (trial, lane) => judgeByPrediction(trial, lane),
};
