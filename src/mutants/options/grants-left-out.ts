import { READERS } from '../given.ts';
import { leavingOut } from '../leaving-out.ts';
import type { Mutant } from '../mutant.ts';

export const grantsLeftOut: Mutant = {
  id: 'grants-left-out',
  what: 'The restore left the privileges out (--no-acl), and nobody had asked for it.',
  strikes: 'options',
  given: [READERS],
  needs: { kept: ['grant'] },
  fault: { at: 'plan', change: (trial) => leavingOut(trial, '--no-acl') },
};
