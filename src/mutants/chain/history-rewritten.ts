import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { FIRST, RECHAIN } from '../trail.ts';

export const historyRewritten: Mutant = {
  id: 'history-rewritten',
  what: 'The first row’s actor is another one, all rows are chained anew, and the head row is kept.',
  strikes: 'chain',
  needs: { rows: 1 },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET actor = 'somebody else' WHERE id = ${FIRST}; ${RECHAIN}`),
  },
};
