import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const hashesUpperCased: Mutant = {
  id: 'hashes-upper-cased',
  what: 'Every hash is in upper case, the head’s included.',
  strikes: 'chain',
  needs: { rows: 1 },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET prev_hash = upper(prev_hash), row_hash = upper(row_hash);
    UPDATE audit_chain_head SET row_hash = upper(row_hash)`),
  },
};
