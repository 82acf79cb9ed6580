import type { Mutant } from '../mutant.ts';

export const primaryKeyLost: Mutant = {
  id: 'primary-key-lost',
  what: 'The primary key of the events is missing.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey` },
};
