import type { Mutant } from '../mutant.ts';

export const headKeyLost: Mutant = {
  id: 'head-key-lost',
  what: 'The primary key of the head is missing.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_chain_head DROP CONSTRAINT audit_chain_head_pkey` },
};
