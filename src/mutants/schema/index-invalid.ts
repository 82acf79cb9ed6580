import type { Mutant } from '../mutant.ts';

export const indexInvalid: Mutant = {
  id: 'index-invalid',
  what: 'An index is there and not valid, as after a CREATE INDEX CONCURRENTLY that broke off.',
  strikes: 'schema',
  needs: { superuser: true },
  fault: {
    at: 'restored',
    sql: `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_audit_events_actor'::regclass`,
  },
};
