import { inThisDatabase } from '../database-wide.ts';
import type { Mutant } from '../mutant.ts';

export const databaseSearchPathLost: Mutant = {
  id: 'database-search-path-lost',
  what: 'The database’s search_path does not lead to the trail.',
  strikes: 'schema',
  fault: { at: 'restored', sql: inThisDatabase('SET search_path = pg_catalog') },
};
