import { ANNEX } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const foreignKeyUnenforced: Mutant = {
  id: 'foreign-key-unenforced',
  what: 'The triggers that enforce a foreign key are disabled, as after a data-only restore that broke off.',
  strikes: 'schema',
  given: [ANNEX],
  needs: { superuser: true },
  fault: { at: 'restored', sql: `ALTER TABLE audit_export_line DISABLE TRIGGER ALL` },
};
