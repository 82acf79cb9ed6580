import type { Case, Upgrade } from './case.ts';

/** A case between servers, where the source stays: nothing is made in its place. */
export function elsewhere(trial: Case, upgrade: Upgrade): Case {
  const { create: _, ...restore } = trial.restore;
  const target = trial.target.kind === 'fresh' ? trial.target : ({ kind: 'fresh' } as const);
  return { ...trial, restore, target, upgrade };
}

/** A case that restores over its source, as one between servers, by the tools of the newer one. */
export function upgradeOf(trial: Case, from: number, to: number): Case {
  const newer = from > to ? 'from' : 'to';
  return elsewhere(trial, { from, to, dump_by: newer, restore_by: newer });
}
