import fc from 'fast-check';
import type { DumpFormat, DumpPlan } from './case.ts';
import { drawObject, oneOf, someOf, sometimes } from './chance.ts';
import { drawEnvironment } from './draw-environment.ts';
import type { PlanFeature, PlanSwarm } from './draw-plan-swarm.ts';
import { harmlessDumpOptions, knowsRestrictKey } from './harmless-options.ts';
import type { World } from './world.ts';

/**
 * What pg_dump is asked for, within what the tools at hand can do.
 * @param swarm the features that may appear
 * @param formats those to choose from
 */
export function drawDumpPlan(
  world: World,
  swarm: PlanSwarm,
  formats: readonly DumpFormat[],
): fc.Arbitrary<DumpPlan> {
  return oneOf(formats).chain((format) => {
    const when = <T>(
      feature: PlanFeature,
      percent: number,
      value: fc.Arbitrary<T>,
    ): fc.Arbitrary<T | undefined> =>
      swarm.has(feature) ? sometimes(percent, value) : fc.constant(undefined);
    return drawObject<DumpPlan>({
      format: fc.constant(format),
      compress:
        format === 'tar' ? fc.constant(undefined) : when('compress', 75, drawCompression(world, format)),
      jobs: format === 'directory' ? when('dump-jobs', 80, oneOf([1, 2, 3, 4])) : fc.constant(undefined),
      rows: when('rows', 80, oneOf(['inserts', 'column-inserts', 1, 2, 7, 1000] as const)),
      parts: swarm.has('schema-and-data')
        ? fc.constant('schema-and-data' as const)
        : when('parts', 70, fc.constant('sections' as const)),
      options: when('dump-options', 100, drawHarmless(world, format)),
      environment: when('dump-environment', 80, drawEnvironment('dump')),
    }).map((plan) => ({ ...plan, format }));
  });
}

function drawCompression({ compression, tools }: World, format: DumpFormat): fc.Arbitrary<string> {
  const levels = compression.includes('gzip') ? ['0', '1', '6', '9'] : ['0'];
  if (tools.major < 16) return oneOf(levels);
  // A plain dump is unpacked for psql, which is done for gzip only.
  const methods = compression.filter((method) => format !== 'plain' || method === 'gzip');
  return oneOf([...levels, 'none', ...methods.flatMap((method) => METHODS[method] ?? [method])]);
}

const METHODS: Readonly<Record<string, readonly string[]>> = {
  gzip: ['gzip', 'gzip:1', 'gzip:9'],
  lz4: ['lz4', 'lz4:1', 'lz4:9'],
  zstd: ['zstd', 'zstd:3', 'zstd:19', 'zstd:level=1'],
};

function drawHarmless(world: World, format: DumpFormat): fc.Arbitrary<string[]> {
  const families = harmlessDumpOptions(world.tools);
  const restrictKey =
    format === 'plain' && knowsRestrictKey(world.tools) ? [['--restrict-key=restoreproof']] : [];
  return someOf([...families, ...restrictKey], 5).chain((chosen) =>
    fc.tuple(...chosen.map((words) => oneOf(words))),
  );
}
