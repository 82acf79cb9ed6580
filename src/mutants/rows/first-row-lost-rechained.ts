import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { FIRST, MOVE_HEAD, RECHAIN } from '../trail.ts';

export const firstRowLostRechained: Mutant = {
  id: 'first-row-lost-rechained',
  what: 'The first row is lost, the others are chained anew, and the head row has the new last hash.',
  strikes: 'rows',
  needs: { rows: 1 },
  fault: {
    at: 'restored',
    sql: pastTriggers(`DELETE FROM audit_events WHERE id = ${FIRST}; ${RECHAIN}; ${MOVE_HEAD}`),
  },
};
