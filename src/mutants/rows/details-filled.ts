import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const detailsFilled: Mutant = {
  id: 'details-filled',
  what: 'Details that were NULL are an empty object.',
  strikes: 'rows',
  needs: { events: someEvent(({ details }) => details === null) },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET details = '{}' WHERE details IS NULL`),
  },
};
