import type { Mutant } from '../mutant.ts';

export const headRowLost: Mutant = {
  id: 'head-row-lost',
  what: 'The head row is lost.',
  strikes: 'chain',
  fault: { at: 'restored', sql: `DELETE FROM audit_chain_head` },
};
