import type { Case, DumpPlan, FreshTarget, RestorePlan } from '../../case/case.ts';
import type { Pipeline } from '../../case/pipeline.ts';

const DUMP: DumpPlan = { format: 'custom' };
const RESTORE: RestorePlan = { tool: 'pg_restore' };

/** The same workload under plans with less in them: all back to defaults, then whole rooms, then option by option. */
export function* simplerPlans(trial: Case): Generator<Case> {
  if (trial.pipeline) {
    yield* simplerPipelineTargets(trial, trial.pipeline);
    return;
  }
  // An upgrade leaves its source where it is.
  const target = { kind: trial.upgrade ? 'fresh' : 'wiped' } as const;
  yield { ...trial, dump: DUMP, restore: RESTORE, target };
  yield {
    ...trial,
    dump: without(trial.dump, 'environment'),
    restore: without(trial.restore, 'environment'),
  };
  yield { ...trial, target };
  yield { ...trial, dump: DUMP, restore: { ...trial.restore, tool: fittingTool(trial.restore) } };
  yield { ...trial, restore: trial.dump.format === 'plain' ? { tool: 'psql' } : RESTORE };
  for (const dump of simplerDumps(trial.dump)) yield { ...trial, dump };
  for (const restore of simplerRestores(trial.restore)) yield { ...trial, restore };
  if (trial.target.kind === 'fresh') {
    for (const simpler of simplerTargets(trial.target)) yield { ...trial, target: simpler };
  }
  // Options that need one another go together.
  for (const dump of simplerDumps(trial.dump)) {
    for (const restore of simplerRestores(trial.restore)) yield { ...trial, dump, restore };
  }
}

/** The commands are the operator's: only where they lead can be simpler. */
function* simplerPipelineTargets(trial: Case, { targets = ['wiped'] }: Pipeline): Generator<Case> {
  if (trial.target.kind === 'wiped') return;
  if (targets.includes('wiped')) yield { ...trial, target: { kind: 'wiped' } };
  yield { ...trial, target: { kind: 'fresh' } };
  for (const target of simplerTargets(trial.target)) yield { ...trial, target };
}

/** A plain dump takes psql, every other format pg_restore. */
function fittingTool({ tool }: RestorePlan): RestorePlan['tool'] {
  return tool === 'script' ? 'script' : 'pg_restore';
}

function* simplerDumps(dump: DumpPlan): Generator<DumpPlan> {
  for (const key of keysBesides(dump, 'format')) yield without(dump, key);
  yield* simplerLists(dump);
  if (dump.format !== 'custom' && dump.format !== 'plain') yield { ...dump, format: 'custom' };
}

function* simplerRestores(restore: RestorePlan): Generator<RestorePlan> {
  for (const key of keysBesides(restore, 'tool')) yield without(restore, key);
  yield* simplerLists(restore);
  if (restore.tool === 'script') yield { ...restore, tool: 'pg_restore' };
}

function* simplerTargets(target: FreshTarget): Generator<FreshTarget> {
  for (const key of keysBesides(target, 'kind')) yield without(target, key);
  for (const setting of Object.keys(target.settings ?? {})) {
    yield { ...target, settings: without(target.settings ?? {}, setting) };
  }
}

/** One option or one variable less. */
function* simplerLists<P extends DumpPlan | RestorePlan>(plan: P): Generator<P> {
  const { options = [], environment = {} } = plan;
  if (options.length > 1) {
    for (const index of options.keys()) yield { ...plan, options: options.toSpliced(index, 1) };
  }
  const names = Object.keys(environment);
  if (names.length > 1) for (const name of names) yield { ...plan, environment: without(environment, name) };
}

function keysBesides<T extends object, K extends keyof T>(value: T, kept: K): Exclude<keyof T, K>[] {
  return (Object.keys(value) as (keyof T)[]).filter((key): key is Exclude<keyof T, K> => key !== kept);
}

function without<T extends object>(value: T, key: keyof T): T {
  const { [key]: _, ...rest } = value;
  return rest as T;
}
