import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { MIDDLE, MOVE_HEAD, RECHAIN } from '../trail.ts';

export const middleRowLostRechained: Mutant = {
  id: 'middle-row-lost-rechained',
  what: 'A row in the middle is lost, the others are chained anew, and the head row has the new last hash.',
  strikes: 'rows',
  needs: { rows: 3 },
  fault: {
    at: 'restored',
    sql: pastTriggers(`DELETE FROM audit_events WHERE id = ${MIDDLE}; ${RECHAIN}; ${MOVE_HEAD}`),
  },
};
