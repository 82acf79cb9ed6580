import type { Mutant } from '../mutant.ts';

export const defaultLost: Mutant = {
  id: 'default-lost',
  what: 'The default of the events’ time is missing.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_events ALTER COLUMN "timestamp" DROP DEFAULT` },
};
