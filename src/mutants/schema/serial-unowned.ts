import { ANNEX } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const serialUnowned: Mutant = {
  id: 'serial-unowned',
  what: 'A sequence no longer belongs to its column.',
  strikes: 'schema',
  given: [ANNEX],
  fault: { at: 'restored', sql: `ALTER SEQUENCE audit_export_number_seq owned by none` },
};
