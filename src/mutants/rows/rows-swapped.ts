import { firstAndLastDiffer } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { FIRST, LAST } from '../trail.ts';

export const rowsSwapped: Mutant = {
  id: 'rows-swapped',
  what: 'The first and the last row have each other’s actor.',
  strikes: 'rows',
  needs: { events: firstAndLastDiffer(({ actor }) => actor) },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events AS one SET actor = other.actor FROM audit_events AS other
      WHERE (one.id, other.id) IN ((${FIRST}, ${LAST}), (${LAST}, ${FIRST})) AND one.actor <> other.actor`),
  },
};
