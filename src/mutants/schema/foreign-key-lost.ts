import { ANNEX } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const foreignKeyLost: Mutant = {
  id: 'foreign-key-lost',
  what: 'A foreign key is missing.',
  strikes: 'schema',
  given: [ANNEX],
  fault: {
    at: 'restored',
    sql: `ALTER TABLE audit_export_line DROP CONSTRAINT audit_export_line_export_fkey`,
  },
};
