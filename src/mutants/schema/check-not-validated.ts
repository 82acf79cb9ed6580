import type { Mutant } from '../mutant.ts';

export const checkNotValidated: Mutant = {
  id: 'check-not-validated',
  what: 'The check of the events’ category holds for new rows only.',
  strikes: 'schema',
  fault: {
    at: 'restored',
    sql: `ALTER TABLE audit_events DROP CONSTRAINT audit_events_event_category_check;
      ALTER TABLE audit_events ADD CONSTRAINT audit_events_event_category_check
        CHECK (event_category IN ('cert_lifecycle', 'auth', 'config')) NOT VALID`,
  },
};
