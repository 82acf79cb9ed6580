import { ANNEX } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const identityRewound: Mutant = {
  id: 'identity-rewound',
  what: 'An identity column gives numbers that were given already.',
  strikes: 'schema',
  given: [ANNEX],
  fault: { at: 'restored', sql: `SELECT setval('audit_export_id_seq', 1)` },
};
