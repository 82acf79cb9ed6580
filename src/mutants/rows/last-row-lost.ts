import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { LAST } from '../trail.ts';

export const lastRowLost: Mutant = {
  id: 'last-row-lost',
  what: 'The last row is lost; the head row is kept.',
  strikes: 'rows',
  needs: { rows: 1 },
  fault: { at: 'restored', sql: pastTriggers(`DELETE FROM audit_events WHERE id = ${LAST}`) },
};
