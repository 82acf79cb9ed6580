import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { FIRST, MOVE_HEAD, RECHAIN } from '../trail.ts';

export const historyRewrittenBeforeTheDump: Mutant = {
  id: 'history-rewritten-before-the-dump',
  what: 'The first row’s actor is another one, and the chain was made anew, before the snapshot of the source was taken.',
  strikes: 'chain',
  needs: { rows: 1 },
  fault: {
    at: 'source',
    sql: pastTriggers(
      `UPDATE audit_events SET actor = 'somebody else' WHERE id = ${FIRST}; ${RECHAIN}; ${MOVE_HEAD}`,
    ),
  },
  unseen:
    'The chain that somebody made anew before the snapshot is the chain: only a copy of the head, kept elsewhere since, tells.',
};
