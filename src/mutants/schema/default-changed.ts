import type { Mutant } from '../mutant.ts';

export const defaultChanged: Mutant = {
  id: 'default-changed',
  what: 'The default of the events’ category is another one.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_events ALTER COLUMN event_category SET DEFAULT 'auth'` },
};
