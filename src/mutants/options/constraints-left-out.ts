import { leavingOut } from '../leaving-out.ts';
import type { Mutant } from '../mutant.ts';
import { isWhole } from '../plans-that.ts';

export const constraintsLeftOut: Mutant = {
  id: 'constraints-left-out',
  what: 'The section post-data was not restored: no keys, no indexes, no triggers.',
  strikes: 'options',
  needs: { plan: isWhole },
  fault: { at: 'plan', change: (trial) => leavingOut(trial, '--section=pre-data', '--section=data') },
};
