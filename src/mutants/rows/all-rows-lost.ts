import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const allRowsLost: Mutant = {
  id: 'all-rows-lost',
  what: 'All rows are lost; the head row is kept.',
  strikes: 'rows',
  needs: { rows: 1 },
  fault: { at: 'restored', sql: pastTriggers(`DELETE FROM audit_events`) },
};
