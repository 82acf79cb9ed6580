import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { FIRST, MOVE_HEAD, RECHAIN } from '../trail.ts';

export const historyRewrittenHeadMoved: Mutant = {
  id: 'history-rewritten-head-moved',
  what: 'The first row’s actor is another one, all rows are chained anew, and the head row has the new last hash.',
  strikes: 'chain',
  needs: { rows: 1 },
  fault: {
    at: 'restored',
    sql: pastTriggers(
      `UPDATE audit_events SET actor = 'somebody else' WHERE id = ${FIRST}; ${RECHAIN}; ${MOVE_HEAD}`,
    ),
  },
};
