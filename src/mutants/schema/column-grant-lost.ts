import { READERS } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const columnGrantLost: Mutant = {
  id: 'column-grant-lost',
  what: 'A role has lost its privilege on one column.',
  strikes: 'schema',
  given: [READERS],
  needs: { kept: ['grant'] },
  fault: { at: 'restored', sql: `REVOKE UPDATE (row_hash) ON audit_chain_head FROM pg_monitor` },
};
