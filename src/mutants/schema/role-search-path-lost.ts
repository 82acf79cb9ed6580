import { inThisDatabase } from '../database-wide.ts';
import type { Mutant } from '../mutant.ts';

export const roleSearchPathLost: Mutant = {
  id: 'role-search-path-lost',
  what: 'The role’s search_path in this database does not lead to the trail.',
  strikes: 'schema',
  needs: { superuser: true },
  fault: {
    at: 'restored',
    sql: inThisDatabase('SET search_path = pg_catalog', '', 'ROLE CURRENT_USER IN DATABASE'),
  },
};
