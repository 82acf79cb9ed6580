import { READERS } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const defaultPrivilegesLost: Mutant = {
  id: 'default-privileges-lost',
  what: 'Tables that will be made are no longer granted to a role.',
  strikes: 'schema',
  given: [READERS],
  needs: { kept: ['grant', 'default-privilege'] },
  fault: {
    at: 'restored',
    sql: `ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM pg_monitor`,
  },
};
