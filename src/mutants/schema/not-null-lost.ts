import type { Mutant } from '../mutant.ts';

export const notNullLost: Mutant = {
  id: 'not-null-lost',
  what: 'A column that was NOT NULL takes NULL.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_events ALTER COLUMN actor DROP NOT NULL` },
};
