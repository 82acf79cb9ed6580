import { ANNEX, OWNED } from '../given.ts';
import { leavingOut } from '../leaving-out.ts';
import type { Mutant } from '../mutant.ts';

export const ownersLeftOut: Mutant = {
  id: 'owners-left-out',
  what: 'The restore left the owners out (--no-owner), and nobody had asked for it.',
  strikes: 'options',
  given: [ANNEX, OWNED],
  needs: { kept: ['owner'], superuser: true },
  fault: { at: 'plan', change: (trial) => leavingOut(trial, '--no-owner') },
};
