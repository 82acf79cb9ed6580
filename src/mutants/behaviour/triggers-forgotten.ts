import type { Mutant } from '../mutant.ts';

export const triggersForgotten: Mutant = {
  id: 'triggers-forgotten',
  what: 'The catalog has the triggers, and the table’s row says that there are none, so that no trigger fires.',
  strikes: 'behaviour',
  needs: { superuser: true },
  fault: {
    at: 'restored',
    sql: `UPDATE pg_class SET relhastriggers = false WHERE oid = 'audit_events'::regclass`,
  },
};
