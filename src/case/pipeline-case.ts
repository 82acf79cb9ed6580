import fc from 'fast-check';
import type { Case, Target, Workload } from './case.ts';
import { drawObject, oneOf, sometimes } from './chance.ts';
import { DATE_STYLES, ZONES } from './draw-environment.ts';
import { drawWorkloadSwarm } from './draw-workload-swarm.ts';
import { drawWorkload } from './draw-workload.ts';
import type { Pipeline } from './pipeline.ts';
import { USUAL_MAX_ROWS, type World } from './world.ts';

/**
 * A case whose plan is a pipeline: the workload is drawn, and where the pipeline takes a fresh target, that and its
 * settings. The source and the target have one encoding and one collation, so that nothing of PostgreSQL's own keeps
 * the restore from being faithful.
 */
export function drawPipelineCase(world: World, pipeline: Pipeline): fc.Arbitrary<Case> {
  return drawWorkloadSwarm()
    .chain((swarm) => drawWorkload(swarm, { maxRows: world.maxRows ?? USUAL_MAX_ROWS }))
    .chain((workload) =>
      drawTarget(world, pipeline).map((target) => pipelineCase(workload, target, pipeline)),
    );
}

/** A case with its plans replaced by a pipeline, and its target where the pipeline does not reach it. */
export function withPipeline({ workload, target, disturbance }: Case, pipeline: Pipeline): Case {
  const [first = 'wiped', ...others] = pipeline.targets ?? [];
  const reached = [first, ...others].includes(target.kind) ? target : { kind: first };
  return { ...pipelineCase(workload, reached, pipeline), ...(disturbance ? { disturbance } : {}) };
}

function pipelineCase(workload: Workload, target: Target, pipeline: Pipeline): Case {
  const plans = { dump: { format: 'custom' }, restore: { tool: 'pg_restore' } } as const;
  return { format: 'restoreproof.case/v1', workload, ...plans, target, pipeline };
}

const PROVIDERS_SINCE = 15;

function drawTarget({ server }: World, { targets = ['wiped'] }: Pipeline): fc.Arbitrary<Target> {
  return oneOf(targets).chain((kind): fc.Arbitrary<Target> => {
    if (kind === 'wiped') return fc.constant({ kind });
    const provider = server.major >= PROVIDERS_SINCE ? ({ provider: 'libc' } as const) : {};
    const place = { kind, encoding: 'UTF8', ...provider, locale: 'C' } as const;
    return drawObject<Record<string, string>>({
      TimeZone: sometimes(45, oneOf(ZONES)),
      DateStyle: sometimes(45, oneOf(DATE_STYLES)),
      IntervalStyle: sometimes(30, oneOf(['sql_standard', 'postgres_verbose', 'iso_8601'])),
      extra_float_digits: sometimes(30, oneOf(['-15', '0', '3'])),
      bytea_output: sometimes(15, fc.constant('escape')),
    }).map((drawn) => {
      const settings = drawn as Record<string, string>;
      return Object.keys(settings).length === 0 ? place : { ...place, settings };
    });
  });
}
