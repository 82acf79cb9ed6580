import type { Case, DumpPlan, FreshTarget, RestorePlan } from './case.ts';

/** One case made into another. */
export type Change = (trial: Case) => Case;

/** The changes one after another. */
export function inTurn(...changes: readonly Change[]): Change {
  return (trial) => changes.reduce((changed, change) => change(changed), trial);
}

export function dumping(change: Partial<DumpPlan>, options: readonly string[] = []): Change {
  return (trial) => ({ ...trial, dump: { ...trial.dump, ...change, ...more(trial.dump.options, options) } });
}

export function restoring(change: Partial<RestorePlan>, options: readonly string[] = []): Change {
  return (trial) => ({
    ...trial,
    restore: { ...trial.restore, ...change, ...more(trial.restore.options, options) },
  });
}

export function dumpingUnder(name: string, value: string): Change {
  return (trial) => dumping({ environment: { ...trial.dump.environment, [name]: value } })(trial);
}

export function restoringUnder(name: string, value: string): Change {
  return (trial) => restoring({ environment: { ...trial.restore.environment, [name]: value } })(trial);
}

/** Into a fresh database, which the restore does not make; what it is like already stays as far as it is not changed. */
export function into(change: Omit<FreshTarget, 'kind'>): Change {
  return (trial) => {
    const { create: _, ...restore } = trial.restore;
    const target: FreshTarget = trial.target.kind === 'fresh' ? trial.target : { kind: 'fresh' };
    return { ...trial, restore, target: { ...target, ...change } };
  };
}

/** Into a fresh database in which a setting is made. */
export function intoOneWith(name: string, value: string): Change {
  return (trial) => {
    const settings = trial.target.kind === 'fresh' ? trial.target.settings : undefined;
    return into({ settings: { ...settings, [name]: value } })(trial);
  };
}

function more(given: readonly string[] = [], added: readonly string[]): { options?: readonly string[] } {
  return added.length === 0 ? {} : { options: [...new Set([...given, ...added])] };
}
