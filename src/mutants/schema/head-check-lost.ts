import type { Mutant } from '../mutant.ts';

export const headCheckLost: Mutant = {
  id: 'head-check-lost',
  what: 'The check that there is one head row is missing.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_chain_head DROP CONSTRAINT audit_chain_head_single_row` },
};
