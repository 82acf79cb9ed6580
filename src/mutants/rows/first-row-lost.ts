import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { FIRST } from '../trail.ts';

export const firstRowLost: Mutant = {
  id: 'first-row-lost',
  what: 'The first row is lost; the head row is kept.',
  strikes: 'rows',
  needs: { rows: 1 },
  fault: { at: 'restored', sql: pastTriggers(`DELETE FROM audit_events WHERE id = ${FIRST}`) },
};
