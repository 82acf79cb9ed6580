import fc from 'fast-check';
import type { Case, Target, Workload } from './case.ts';
import { chance } from './chance.ts';
import { drawClash } from './draw-clash.ts';
import { drawDumpPlan } from './draw-dump-plan.ts';
import { drawPlanSwarm, type PlanSwarm, type Space } from './draw-plan-swarm.ts';
import { drawRestorePlan } from './draw-restore-plan.ts';
import { drawTarget } from './draw-target.ts';
import { drawWorkloadSwarm } from './draw-workload-swarm.ts';
import { drawWorkload } from './draw-workload.ts';
import { repertoireOf } from './repertoire.ts';
import { USUAL_MAX_ROWS, type World } from './world.ts';

/** Within the envelope: a data-only restore past the triggers, which takes a superuser. */
const PERCENT_DATA_ONLY_PAST_TRIGGERS = 4;

/**
 * A whole case. The same fast-check seed gives the same case, and the case survives JSON.
 * @param world what the servers and tools at hand can do
 * @param space the envelope, where every case has to be faithful, or the whole space
 */
export function drawCase(world: World, space: Space): fc.Arbitrary<Case> {
  return drawWorkloadSwarm()
    .chain((swarm) => drawWorkload(swarm, { maxRows: world.maxRows ?? USUAL_MAX_ROWS }))
    .chain((workload) => drawPlanSwarm(space).chain((swarm) => drawPlans(world, swarm, workload)))
    .chain((trial) => {
      const percent = space === 'envelope' && world.superuser ? PERCENT_DATA_ONLY_PAST_TRIGGERS : 0;
      return chance(percent).map((drawn) => (drawn ? pastTriggers(trial) : trial));
    });
}

function drawPlans(world: World, swarm: PlanSwarm, workload: Workload): fc.Arbitrary<Case> {
  const ascii = repertoireOf(workload, world.subject) === 'ascii';
  return drawDumpPlan(world, swarm, { ascii })
    .chain((dump) =>
      drawRestorePlan(world, swarm, dump).chain((restore) => {
        const needs = { made: restore.create === true, clean: restore.clean === true, ascii };
        return drawTarget(world, swarm, needs).map((target) => plain({ workload, dump, restore, target }));
      }),
    )
    .chain((trial) => (swarm.has('clash') ? drawClash(trial) : fc.constant(trial)));
}

function plain(parts: Omit<Case, 'format'>): Case {
  return { format: 'restoreproof.case/v1', ...parts };
}

/** Schema and data apart, into the wiped database, with the triggers disabled while the data come in. */
function pastTriggers(trial: Case): Case {
  const off = '--disable-triggers';
  const { use_list: _, by_section: __, create: ___, clean: ____, ...restore } = trial.restore;
  // --statistics goes with whole dumps only.
  const { options: given = [], ...plan } = trial.dump;
  const options = given.filter((word) => word !== '--statistics');
  const dump = { ...plan, parts: 'schema-and-data' as const, ...(options.length === 0 ? {} : { options }) };
  const target = unprepared(trial.target);
  if (dump.format === 'plain')
    return { ...trial, target, restore, dump: { ...dump, options: [...options, off] } };
  return { ...trial, target, dump, restore: { ...restore, options: [...(restore.options ?? []), off] } };
}

function unprepared(target: Target): Target {
  if (target.kind === 'wiped') return target;
  const { prepared: _, ...rest } = target;
  return rest;
}
