import { PINNED } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const functionSearchPathLost: Mutant = {
  id: 'function-search-path-lost',
  what: 'A function is without the search_path that was pinned to it.',
  strikes: 'schema',
  given: [PINNED],
  fault: { at: 'restored', sql: `ALTER FUNCTION audit_events_worm() RESET search_path` },
};
