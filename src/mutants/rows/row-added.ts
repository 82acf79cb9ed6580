import type { Mutant } from '../mutant.ts';
import { APPEND } from '../trail.ts';

export const rowAdded: Mutant = {
  id: 'row-added',
  what: 'An event is there that the source does not have, properly appended to the chain.',
  strikes: 'rows',
  fault: { at: 'restored', sql: APPEND },
};
