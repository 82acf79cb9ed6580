import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { MOVE_HEAD } from '../trail.ts';

export const allRowsLostHeadEmptied: Mutant = {
  id: 'all-rows-lost-head-emptied',
  what: 'All rows are lost, and the head row is as before the first event.',
  strikes: 'rows',
  needs: { rows: 1 },
  fault: { at: 'restored', sql: pastTriggers(`DELETE FROM audit_events; ${MOVE_HEAD}`) },
};
