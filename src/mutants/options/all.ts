import type { Mutant } from '../mutant.ts';
import { commentsLeftOut } from './comments-left-out.ts';
import { constraintsLeftOut } from './constraints-left-out.ts';
import { grantsLeftOut } from './grants-left-out.ts';
import { headLeftOut } from './head-left-out.ts';
import { largeObjectsLeftOut } from './large-objects-left-out.ts';
import { olderBackup } from './older-backup.ts';
import { ownersLeftOut } from './owners-left-out.ts';
import { rowsLeftOut } from './rows-left-out.ts';

export const OPTIONS: readonly Mutant[] = [
  grantsLeftOut,
  ownersLeftOut,
  commentsLeftOut,
  constraintsLeftOut,
  rowsLeftOut,
  headLeftOut,
  largeObjectsLeftOut,
  olderBackup,
];
