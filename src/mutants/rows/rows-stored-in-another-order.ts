import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { FIRST } from '../trail.ts';

export const rowsStoredInAnotherOrder: Mutant = {
  id: 'rows-stored-in-another-order',
  what: 'The first row was moved to the end of the table’s file.',
  strikes: 'rows',
  needs: { rows: 2 },
  fault: { at: 'restored', sql: pastTriggers(`UPDATE audit_events SET actor = actor WHERE id = ${FIRST}`) },
  unseen: 'A table is a set: where its rows lie is no part of it, and differs after a faithful restore, too.',
};
