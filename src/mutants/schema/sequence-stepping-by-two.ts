import { ANNEX } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const sequenceSteppingByTwo: Mutant = {
  id: 'sequence-stepping-by-two',
  what: 'A sequence steps by two.',
  strikes: 'schema',
  given: [ANNEX],
  fault: { at: 'restored', sql: `ALTER SEQUENCE audit_ticket INCREMENT 2` },
};
