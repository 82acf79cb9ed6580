import fc from 'fast-check';
import { DUMP_FORMATS, type Case, type RestorePlan, type Target, type Workload } from './case.ts';
import { chance, oneOf } from './chance.ts';
import { drawClash } from './draw-clash.ts';
import { drawDumpPlan } from './draw-dump-plan.ts';
import { drawDumpEncoding } from './draw-encoding.ts';
import { drawPlanSwarm, type PlanFeature, type PlanSwarm } from './draw-plan-swarm.ts';
import { drawRestorePlan } from './draw-restore-plan.ts';
import { drawTarget } from './draw-target.ts';
import { drawWorkloadSwarm } from './draw-workload-swarm.ts';
import { drawWorkload } from './draw-workload.ts';
import type { Recipe } from './recipe.ts';
import { hazardTurns, recipesFor } from './recipes.ts';
import { repertoireOf } from './repertoire.ts';
import { knowsRules, USUAL_MAX_ROWS, type World } from './world.ts';
import { namesUnknownProvider } from '../text/sides.ts';
import { withinSubject } from './within-subject.ts';

/**
 * `envelope`: cases that must be faithful. `anything`: the whole space, with what the tools reject and with the
 * combinations that are documented not to preserve the chain.
 */
export type Space = 'envelope' | 'anything';

/** Within the envelope: a data-only restore past the triggers, which takes a superuser. */
const PERCENT_DATA_ONLY_PAST_TRIGGERS = 4;

/** The whole space, where no hazard has its turn: cases that a tool rejects, among those of no particular kind. */
const PERCENT_CLASHES = 18;

/**
 * A whole case. The same fast-check seed gives the same case, and the case survives JSON.
 * @param world what the servers and tools at hand can do
 * @param space the envelope, where every case has to be faithful, or the whole space
 */
export function drawCase(world: World, space: Space): fc.Arbitrary<Case> {
  if (space === 'anything') return oneOf(drawWholeSpace(world)).chain((drawn) => drawn);
  return drawEnvelope(world).map((trial) => withinSubject(trial, world.subject));
}

function drawEnvelope(world: World): fc.Arbitrary<Case> {
  // Triggers that always fire are ordinary ones after that.
  const possible = world.superuser && world.subject.triggers === 'origin';
  const percent = possible ? PERCENT_DATA_ONLY_PAST_TRIGGERS : 0;
  return drawParts(world, { beside: 0 }).chain((trial) =>
    chance(percent).map((drawn) => (drawn ? pastTriggers(trial) : trial)),
  );
}

/**
 * The whole space in turns: each second case is by the recipe of a hazard, one hazard after another, so that none is
 * waited for longer than the others.
 */
export function drawWholeSpace(world: World): fc.Arbitrary<Case>[] {
  const anything = drawParts(world, { beside: 1 });
  const clashing = drawParts(world, { beside: 0 }).chain(drawClash);
  const between = chance(PERCENT_CLASHES)
    .chain((clashes) => (clashes ? clashing : anything))
    .map((trial) => withinSubject(trial, world.subject));
  const turns = hazardTurns(world).flatMap((hazard) => [between, drawHazardous(world, hazard)]);
  return turns.length === 0 ? [between] : turns;
}

/**
 * Another way to bring a dump of the envelope back: the workload and the dump plan stay as they are.
 * @param trial a case of the envelope
 * @returns undefined where it is restored past the triggers, for which there is one way only
 */
export function drawAnotherRestore(world: World, trial: Case): fc.Arbitrary<Case> | undefined {
  const { dump, restore, workload } = trial;
  const disables = (words: readonly string[] = []): boolean => words.includes(TRIGGERS_OFF);
  const apart = dump.parts === 'schema-and-data';
  if (apart && (disables(dump.options) || disables(restore.options))) return undefined;
  // What is dropped and made first stands in a script itself.
  const written = dump.format === 'plain' ? restore : undefined;
  return drawPlanSwarm(0).chain((swarm) =>
    drawRestoreAndTarget(world, { swarm, workload, dump, written, inside: true }).map((another) =>
      withinSubject(another, world.subject),
    ),
  );
}

/**
 * A case by one of the recipes for a hazard, which applies in most of them.
 * @throws where the world has no recipe for it
 */
export function drawHazardous(world: World, hazard: string): fc.Arbitrary<Case> {
  const drawn = recipesFor(hazard, world).map((recipe) => {
    // What another encoding does to a row is not known where the columns are not.
    const parts = drawParts(world, { beside: knowsRules(world) ? 0.3 : 0, recipe });
    return parts.chain((trial) => recipe.change.map((change) => change(trial)));
  });
  return oneOf(drawn)
    .chain((arbitrary) => arbitrary)
    .map((trial) => withinSubject(trial, world.subject));
}

interface Wanted {
  readonly beside: number;
  readonly recipe?: Recipe | undefined;
}

function drawParts(world: World, { beside, recipe }: Wanted): fc.Arbitrary<Case> {
  const { minRows, repertoires, swarm: fixed } = recipe?.workload ?? {};
  // Where refusals are not known, nothing is drawn to be refused, and times ascend.
  const known = knowsRules(world);
  const sound = known ? (recipe ? { invalidOrder: false } : {}) : { invalidOrder: false, faults: false };
  const formats = recipe?.formats ?? DUMP_FORMATS;
  return drawWorkloadSwarm(repertoires)
    .chain((swarm) =>
      drawWorkload({ ...swarm, ...sound, ...fixed }, { minRows, maxRows: world.maxRows ?? USUAL_MAX_ROWS }),
    )
    .chain((workload) => planted(workload, recipe, world))
    .chain((workload) =>
      drawPlanSwarm(beside)
        .map((swarm) => (recipe ? seasoned(swarm, recipe) : swarm))
        .chain((swarm) => drawPlans(world, { swarm, workload, formats, inside: recipe === undefined })),
    );
}

function planted(
  workload: Workload,
  { plant }: Partial<Recipe> = {},
  { subject }: World,
): fc.Arbitrary<Workload> {
  return plant ? plant.map((put) => put(workload, subject)) : fc.constant(workload);
}

/** The swarm as a recipe wants it. */
function seasoned(swarm: PlanSwarm, { features = [], without = [] }: Recipe): PlanSwarm {
  return new Set([...swarm].filter((feature) => !without.includes(feature)).concat(features));
}

interface PlanNeeds {
  readonly swarm: PlanSwarm;
  readonly workload: Workload;
  readonly formats: readonly Case['dump']['format'][];
  /** Whether the plans are to be such that nothing is in their way. */
  readonly inside: boolean;
  /** What the dump, a script, was written for; absent: it is written for what is drawn. */
  readonly written?: RestorePlan | undefined;
}

function drawPlans(world: World, { swarm, workload, formats, inside }: PlanNeeds): fc.Arbitrary<Case> {
  const ascii = isAscii(world, workload);
  return drawDumpPlan(world, swarm, formats)
    .chain((dump) => drawRestoreAndTarget(world, { swarm, workload, dump, inside }))
    .chain((trial) =>
      swarm.has('other-encoding')
        ? drawDumpEncoding(ascii ? ASCII_TEXT : ANY_TEXT).map((change) => change(trial))
        : fc.constant(trial),
    );
}

function drawRestoreAndTarget(
  world: World,
  { swarm, workload, dump, inside, written }: Omit<PlanNeeds, 'formats'> & { readonly dump: Case['dump'] },
): fc.Arbitrary<Case> {
  const { restoring = world } = world;
  const kept = inside && namesUnknownProvider(restoring) ? withoutFeature(swarm, 'create') : swarm;
  return drawRestorePlan(restoring, kept, dump).chain((drawn) => {
    const restore = written ? asWritten(drawn, written) : drawn;
    const prepared = inside && restore.clean === true && swarm.has('fresh');
    const needs = { made: restore.create === true, prepared, ascii: isAscii(world, workload) };
    return drawTarget(restoring, swarm, needs).map((target) => plain({ workload, dump, restore, target }));
  });
}

function withoutFeature(swarm: PlanSwarm, left: PlanFeature): PlanSwarm {
  return new Set([...swarm].filter((feature) => feature !== left));
}

/** `--single-transaction` does not go with a database that is made. */
function asWritten(drawn: RestorePlan, { clean, create }: RestorePlan): RestorePlan {
  const { clean: _, create: __, single_transaction, ...rest } = drawn;
  return {
    ...rest,
    ...(clean ? { clean } : {}),
    ...(create ? { create } : single_transaction ? { single_transaction } : {}),
  };
}

function isAscii({ subject }: World, workload: Workload): boolean {
  return repertoireOf(workload, subject) === 'ascii' && !subject.installed?.characters.length;
}

/** Encodings that a dump can be asked for in place of the server's own; those that hold ASCII and some of the rest come last. */
const ANY_TEXT = ['GB18030', 'SQL_ASCII', 'LATIN1', 'LATIN9', 'WIN1252'];
const ASCII_TEXT = [...ANY_TEXT, 'EUC_JP', 'SJIS'];

function plain(parts: Omit<Case, 'format'>): Case {
  return { format: 'restoreproof.case/v1', ...parts };
}

const TRIGGERS_OFF = '--disable-triggers';

/** Schema and data apart, into the wiped database, with the triggers disabled while the data come in. */
function pastTriggers(trial: Case): Case {
  const { use_list: _, by_section: __, create: ___, clean: ____, ...restore } = trial.restore;
  // --statistics goes with whole dumps only.
  const { options: given = [], ...plan } = trial.dump;
  const options = given.filter((word) => word !== '--statistics');
  const dump = { ...plan, parts: 'schema-and-data' as const, ...(options.length === 0 ? {} : { options }) };
  const target = unprepared(trial.target);
  if (dump.format === 'plain')
    return { ...trial, target, restore, dump: { ...dump, options: [...options, TRIGGERS_OFF] } };
  return {
    ...trial,
    target,
    dump,
    restore: { ...restore, options: [...(restore.options ?? []), TRIGGERS_OFF] },
  };
}

function unprepared(target: Target): Target {
  if (target.kind === 'wiped') return target;
  const { prepared: _, ...rest } = target;
  return rest;
}
