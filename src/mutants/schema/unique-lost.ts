import { ANNEX } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const uniqueLost: Mutant = {
  id: 'unique-lost',
  what: 'A UNIQUE constraint of another table is missing.',
  strikes: 'schema',
  given: [ANNEX],
  fault: { at: 'restored', sql: `ALTER TABLE audit_export_line DROP CONSTRAINT audit_export_line_once` },
};
