import type { Mutant } from '../../mutants/mutant.ts';
import { CHECK_IDS, FIRST_FOUR_CHECKS, type CheckId } from '../../verdict/check.ts';
import type { Killer, MutantTrial } from './try-mutant.ts';

export interface SelftestResult {
  readonly reports: readonly MutantReport[];
  readonly seed: number;
  readonly cases: number;
  readonly milliseconds: number;
}

/** What became of one mutant. */
export interface MutantReport {
  readonly mutant: Mutant;
  /** On the fixed case; undefined where this server gives it nothing to strike at. */
  readonly fixed: MutantTrial | undefined;
  readonly drawn: {
    /** How many drawn cases it was tried on. */
    readonly tried: number;
    /** The index of the one that it struck, after which it was tried no more. */
    readonly struckAt?: number | undefined;
    readonly killedBy: readonly Killer[];
  };
}

/**
 * `unseen`: survived, as it must by its nature. `seen`: it was killed, though nothing should be able to see it.
 * `not struck`: it changed nothing, so that nothing is known. `not tried`: it needs what this server does not have.
 */
export type Standing = 'killed' | 'survived' | 'unseen' | 'seen' | 'not struck' | 'not tried';

export function standingOf({ mutant, fixed, drawn }: MutantReport): Standing {
  if (fixed === undefined) return 'not tried';
  if (!fixed.struck) return 'not struck';
  const struck = [fixed, ...(drawn.struckAt === undefined ? [] : [drawn])];
  const killed = struck.map(({ killedBy }) => killedBy.length > 0);
  if (mutant.unseen !== undefined) return killed.some(Boolean) ? 'seen' : 'unseen';
  return killed.every(Boolean) ? 'killed' : 'survived';
}

/** What must not be: a survivor, a mutant that changed nothing, one that is seen against its nature. */
export function isFlaw(report: MutantReport): boolean {
  const standing = standingOf(report);
  return standing === 'survived' || standing === 'seen' || standing === 'not struck';
}

/** Whether a mutant was killed, and by none of the four load-bearing checks, nor by a tool. */
export function missedByFirstFour({ fixed }: MutantReport): boolean {
  if (!fixed || fixed.killedBy.length === 0) return false;
  const four: ReadonlySet<Killer> = new Set([...FIRST_FOUR_CHECKS, 'tool', 'source'] as const);
  return !fixed.killedBy.some((killer) => four.has(killer));
}

/** For each check, the mutants of the fixed case that no other check and no tool reports. */
export function aloneKilled(reports: readonly MutantReport[]): ReadonlyMap<CheckId, readonly string[]> {
  return new Map(
    CHECK_IDS.map((check) => [
      check,
      reports.flatMap(({ mutant, fixed }) => {
        const [killer, ...others] = fixed?.killedBy ?? [];
        return killer === check && others.length === 0 ? [mutant.id] : [];
      }),
    ]),
  );
}
