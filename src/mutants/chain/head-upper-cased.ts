import type { Mutant } from '../mutant.ts';

export const headUpperCased: Mutant = {
  id: 'head-upper-cased',
  what: 'The head’s hash is in upper case.',
  strikes: 'chain',
  needs: { rows: 1 },
  fault: {
    at: 'restored',
    sql: `UPDATE audit_chain_head SET row_hash = upper(row_hash) WHERE row_hash <> upper(row_hash)`,
  },
};
