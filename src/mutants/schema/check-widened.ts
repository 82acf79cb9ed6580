import type { Mutant } from '../mutant.ts';

export const checkWidened: Mutant = {
  id: 'check-widened',
  what: 'The check of the events’ category allows one more.',
  strikes: 'schema',
  fault: {
    at: 'restored',
    sql: `ALTER TABLE audit_events DROP CONSTRAINT audit_events_event_category_check;
      ALTER TABLE audit_events ADD CONSTRAINT audit_events_event_category_check
        CHECK (event_category IN ('cert_lifecycle', 'auth', 'config', 'other'))`,
  },
};
