import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { FOLLOWED } from '../trail.ts';

export const middleRowLost: Mutant = {
  id: 'middle-row-lost',
  what: 'The middle row is lost; the head row is kept.',
  strikes: 'rows',
  needs: { rows: 3 },
  fault: { at: 'restored', sql: pastTriggers(`DELETE FROM audit_events WHERE id = ${FOLLOWED}`) },
};
