import type { Mutant } from '../mutant.ts';
import { APPEND } from '../trail.ts';

export const olderBackup: Mutant = {
  id: 'older-backup',
  what: 'An older backup was restored: the source has one event more.',
  strikes: 'options',
  fault: { at: 'dumped source', sql: APPEND },
};
