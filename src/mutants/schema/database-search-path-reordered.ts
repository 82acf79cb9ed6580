import { inThisDatabase } from '../database-wide.ts';
import type { Mutant } from '../mutant.ts';
import { keepsSearchPath } from '../plans-that.ts';

export const databaseSearchPathReordered: Mutant = {
  id: 'database-search-path-reordered',
  what: 'The database’s search_path has the schema before pg_catalog, so that its functions can be shadowed.',
  strikes: 'schema',
  needs: { plan: keepsSearchPath },
  fault: { at: 'restored', sql: inThisDatabase('SET search_path = public, pg_catalog') },
};
