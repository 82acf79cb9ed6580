import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { LAST } from '../trail.ts';

export const hashUpperCased: Mutant = {
  id: 'hash-upper-cased',
  what: 'The last row’s hash is in upper case.',
  strikes: 'chain',
  needs: { rows: 1 },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET row_hash = upper(row_hash) WHERE id = ${LAST}`),
  },
};
