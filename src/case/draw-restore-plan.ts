import fc from 'fast-check';
import type { DumpPlan, RestorePlan } from './case.ts';
import { chance, drawObject, oneOf, someOf, sometimes } from './chance.ts';
import { drawEnvironment } from './draw-environment.ts';
import type { PlanFeature, PlanSwarm } from './draw-plan-swarm.ts';
import { harmlessRestoreOptions } from './harmless-options.ts';
import type { World } from './world.ts';

type When = <T>(
  feature: PlanFeature,
  percent: number,
  value: fc.Arbitrary<T>,
  possible?: boolean,
) => fc.Arbitrary<T | undefined>;

/**
 * How a dump is brought back: by what its format allows, within what the tools at hand can do.
 * @param dump the plan of the dump that is restored
 */
export function drawRestorePlan(world: World, swarm: PlanSwarm, dump: DumpPlan): fc.Arbitrary<RestorePlan> {
  const when: When = (feature, percent, value, possible = true) =>
    possible && swarm.has(feature) ? sometimes(percent, value) : fc.constant(undefined);
  return drawTool(swarm, dump).chain((tool) =>
    drawShape(world, swarm, when, tool, dump).chain((shape) =>
      drawObject<Pick<RestorePlan, 'go_on_after_errors' | 'options' | 'environment'>>({
        go_on_after_errors: when('go-on', 90, fc.constant(true)),
        options: when('restore-options', 100, drawOptions(world, tool)),
        environment: when('restore-environment', 80, drawEnvironment('restore')),
      }).map((rest) => ({ tool, ...shape, ...rest })),
    ),
  );
}

function drawTool(swarm: PlanSwarm, dump: DumpPlan): fc.Arbitrary<RestorePlan['tool']> {
  if (dump.format === 'plain') return fc.constant('psql');
  return swarm.has('script')
    ? chance(60).map((script) => (script ? 'script' : 'pg_restore'))
    : fc.constant('pg_restore');
}

type Shape = Omit<RestorePlan, 'tool' | 'go_on_after_errors' | 'options' | 'environment'>;

/** The keys that exclude one another, drawn in an order in which each knows what is there already. */
function drawShape(
  world: World,
  swarm: PlanSwarm,
  when: When,
  tool: RestorePlan['tool'],
  dump: DumpPlan,
): fc.Arbitrary<Shape> {
  const direct = tool === 'pg_restore';
  // Part of an archive has no entry for its database, and its list has no sections to tell apart.
  const filtered = ['part', 'schema-and-data', 'prepared'] as const;
  const whole = dump.parts === undefined && !filtered.some((feature) => swarm.has(feature));
  return drawObject<Shape>({
    stdin: when('stdin', 60, fc.constant(true), dump.format !== 'directory' && tool !== 'script'),
    clean: when('clean', 70, fc.constant(true), dump.parts === undefined),
    create: when('create', 80, fc.constant(true), whole),
    use_list: when('use-list', 70, oneOf(['as-is', 'reordered'] as const), dump.format !== 'plain' && whole),
  }).chain((first) => {
    const parallel = direct && first.stdin !== true && dump.format !== 'tar';
    const apart =
      whole && dump.format !== 'plain' && !first.create && !first.use_list && !first.stdin && !first.clean;
    return drawObject<Shape>({
      by_section: when('by-section', 80, fc.constant(true), apart),
      jobs: when('restore-jobs', 75, oneOf([1, 2, 3, 4]), parallel),
    }).chain((second) => {
      const serial = (second.jobs ?? 1) === 1;
      return drawObject<Shape>({
        single_transaction: when('single-transaction', 70, fc.constant(true), serial && !first.create),
        transaction_size: when('transaction-size', 50, oneOf([1, 2, 100]), direct && world.tools.major >= 17),
      }).map((third) => exclusive({ ...first, ...second, ...third }));
    });
  });
}

/** `--single-transaction` and `--transaction-size` exclude each other. */
function exclusive(shape: Shape): Shape {
  if (shape.single_transaction !== true || shape.transaction_size === undefined) return shape;
  const { transaction_size: _, ...rest } = shape;
  return rest;
}

function drawOptions(world: World, tool: RestorePlan['tool']): fc.Arbitrary<readonly string[]> {
  // A script is made by pg_restore, whose options are the plan's.
  const families = harmlessRestoreOptions(tool === 'psql' ? 'psql' : 'pg_restore', world.tools);
  return someOf(families, 4).chain((chosen) => fc.tuple(...chosen.map((words) => oneOf(words))));
}
