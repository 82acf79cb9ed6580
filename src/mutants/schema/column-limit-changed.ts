import type { Mutant } from '../mutant.ts';

export const columnLimitChanged: Mutant = {
  id: 'column-limit-changed',
  what: 'A column takes 300 characters, where it took 255.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_events ALTER COLUMN actor TYPE varchar(300)` },
};
