import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { LAST, MOVE_HEAD } from '../trail.ts';

export const rowsLostBeforeTheDump: Mutant = {
  id: 'rows-lost-before-the-dump',
  what: 'The last row was lost, and the head rewound, before the snapshot of the source was taken.',
  strikes: 'chain',
  needs: { rows: 1 },
  fault: {
    at: 'source',
    sql: pastTriggers(`DELETE FROM audit_events WHERE id = ${LAST}; ${MOVE_HEAD}`),
  },
  unseen:
    'What is restored is what was there: only a copy of the head or of the count, kept elsewhere since, tells.',
};
