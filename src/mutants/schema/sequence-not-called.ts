import { ANNEX } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const sequenceNotCalled: Mutant = {
  id: 'sequence-not-called',
  what: 'A sequence gives its last number once more.',
  strikes: 'schema',
  given: [ANNEX],
  fault: { at: 'restored', sql: `SELECT setval('audit_ticket', 101, false)` },
};
