import { UsageError } from '../errors.ts';
import { lastRowLost } from './rows/last-row-lost.ts';
import type { Mutant } from './mutant.ts';

/** Every mutant. */
const MUTANTS: readonly Mutant[] = [lastRowLost];

/** @throws UsageError where there is none of that id */
export function mutantNamed(id: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.id === id);
  if (found) return found;
  throw new UsageError({
    what: `there is no mutant ${id}`,
    next: 'docs/kill-matrix.md and `restoreproof selftest --help` name them',
  });
}
