import type { Mutant } from '../mutant.ts';

export const checkLost: Mutant = {
  id: 'check-lost',
  what: 'The check of the events’ category is missing.',
  strikes: 'schema',
  fault: {
    at: 'restored',
    sql: `ALTER TABLE audit_events DROP CONSTRAINT audit_events_event_category_check`,
  },
};
