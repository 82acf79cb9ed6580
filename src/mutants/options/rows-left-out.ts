import { leavingOut } from '../leaving-out.ts';
import type { Mutant } from '../mutant.ts';
import { isWhole } from '../plans-that.ts';

export const rowsLeftOut: Mutant = {
  id: 'rows-left-out',
  what: 'The schema alone was restored.',
  strikes: 'options',
  needs: { plan: isWhole },
  fault: { at: 'plan', change: (trial) => leavingOut(trial, '--schema-only') },
};
