import type { Mutant } from '../mutant.ts';

export const columnWidened: Mutant = {
  id: 'column-widened',
  what: 'A column that was limited to 255 characters is without limit.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_events ALTER COLUMN actor TYPE text` },
};
