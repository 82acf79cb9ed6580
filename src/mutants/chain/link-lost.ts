import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { MIDDLE } from '../trail.ts';

export const linkLost: Mutant = {
  id: 'link-lost',
  what: 'A row in the middle does not say which one it follows.',
  strikes: 'chain',
  needs: { rows: 3 },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET prev_hash = NULL WHERE id = ${MIDDLE}`),
  },
};
