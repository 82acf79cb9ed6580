import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { LAST, MOVE_HEAD } from '../trail.ts';

export const lastRowLostHeadRewound: Mutant = {
  id: 'last-row-lost-head-rewound',
  what: 'The last row is lost, and the head row has the hash of the one before it.',
  strikes: 'rows',
  needs: { rows: 1 },
  fault: { at: 'restored', sql: pastTriggers(`DELETE FROM audit_events WHERE id = ${LAST}; ${MOVE_HEAD}`) },
};
