import { UsageError } from '../errors.ts';
import { BEHAVIOUR } from './behaviour/all.ts';
import { CHAIN } from './chain/all.ts';
import { DUMP_FILE } from './dump-file/all.ts';
import { OPTIONS } from './options/all.ts';
import { ROWS } from './rows/all.ts';
import { SCHEMA } from './schema/all.ts';
import type { Mutant } from './mutant.ts';

/** Every mutant, in the order of its report. */
export const MUTANTS: readonly Mutant[] = [
  ...ROWS,
  ...CHAIN,
  ...SCHEMA,
  ...BEHAVIOUR,
  ...DUMP_FILE,
  ...OPTIONS,
];

/** @throws UsageError where there is none of that id */
export function mutantNamed(id: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.id === id);
  if (found) return found;
  throw new UsageError({ what: `there is no mutant ${id}`, next: 'docs/kill-matrix.md names them all' });
}
