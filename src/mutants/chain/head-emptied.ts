import type { Mutant } from '../mutant.ts';

export const headEmptied: Mutant = {
  id: 'head-emptied',
  what: 'The head row is as before the first event.',
  strikes: 'chain',
  needs: { rows: 1 },
  fault: { at: 'restored', sql: `UPDATE audit_chain_head SET row_hash = '' WHERE row_hash <> ''` },
};
