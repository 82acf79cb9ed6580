import { ANNEX } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const sequenceRewound: Mutant = {
  id: 'sequence-rewound',
  what: 'A sequence gives numbers that were given already.',
  strikes: 'schema',
  given: [ANNEX],
  fault: { at: 'restored', sql: `SELECT setval('audit_ticket', 100)` },
};
