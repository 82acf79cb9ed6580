import { COMMENTED } from '../given.ts';
import { leavingOut } from '../leaving-out.ts';
import type { Mutant } from '../mutant.ts';

export const commentsLeftOut: Mutant = {
  id: 'comments-left-out',
  what: 'The restore left the comments out (--no-comments), and nobody had asked for it.',
  strikes: 'options',
  given: [COMMENTED],
  needs: { kept: ['comment'] },
  fault: { at: 'plan', change: (trial) => leavingOut(trial, '--no-comments') },
};
