import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const rowsDoubledWithoutKey: Mutant = {
  id: 'rows-doubled-without-key',
  what: 'The rows were loaded twice, and the primary key is gone.',
  strikes: 'rows',
  needs: { rows: 1 },
  fault: {
    at: 'restored',
    sql: pastTriggers(`ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey;
      INSERT INTO audit_events SELECT * FROM audit_events`),
  },
};
