import type { Mutant } from '../mutant.ts';

export const headDoubled: Mutant = {
  id: 'head-doubled',
  what: 'The head row is there twice, and its primary key is gone.',
  strikes: 'chain',
  fault: {
    at: 'restored',
    sql: `ALTER TABLE audit_chain_head DROP CONSTRAINT audit_chain_head_pkey;
      INSERT INTO audit_chain_head SELECT * FROM audit_chain_head`,
  },
};
