import type { Case, Upgrade } from './case.ts';

/** The source stays where it is: a database of its name is made there by the restore itself, or another one before. */
export function elsewhere(trial: Case, upgrade: Upgrade): Case {
  if (trial.restore.create || trial.target.kind === 'fresh') return { ...trial, upgrade };
  return { ...trial, target: { kind: 'fresh' }, upgrade };
}

/** A case that restores over its source, as one between servers, by the tools of the newer one. */
export function upgradeOf(trial: Case, from: number, to: number): Case {
  const newer = from > to ? 'from' : 'to';
  return elsewhere(trial, { from, to, dump_by: newer, restore_by: newer });
}
