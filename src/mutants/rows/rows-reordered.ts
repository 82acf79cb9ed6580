import { firstAndLastDiffer } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { FIRST, LAST } from '../trail.ts';

export const rowsReordered: Mutant = {
  id: 'rows-reordered',
  what: 'The first and the last row have each other’s time, so that the chain is walked in another order.',
  strikes: 'rows',
  needs: { events: firstAndLastDiffer(({ timestamp }) => timestamp?.at) },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events AS one SET "timestamp" = other."timestamp" FROM audit_events AS other
      WHERE (one.id, other.id) IN ((${FIRST}, ${LAST}), (${LAST}, ${FIRST})) AND one."timestamp" <> other."timestamp"`),
  },
};
