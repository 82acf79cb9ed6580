import type { Mutant } from '../mutant.ts';

export const indexOnAnotherColumn: Mutant = {
  id: 'index-on-another-column',
  what: 'An index of the same name is on another column.',
  strikes: 'schema',
  fault: {
    at: 'restored',
    sql: `DROP INDEX idx_audit_events_actor; CREATE INDEX idx_audit_events_actor ON audit_events (actor_type)`,
  },
};
