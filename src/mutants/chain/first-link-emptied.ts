import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const firstLinkEmptied: Mutant = {
  id: 'first-link-emptied',
  what: 'The first row follows the empty text, in place of nothing: an empty text was taken for NULL’s like.',
  strikes: 'chain',
  needs: { rows: 1 },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET prev_hash = '' WHERE prev_hash IS NULL`),
  },
};
