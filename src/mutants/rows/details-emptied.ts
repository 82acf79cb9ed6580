import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const detailsEmptied: Mutant = {
  id: 'details-emptied',
  what: 'Details that were an empty object are NULL.',
  strikes: 'rows',
  needs: { events: someEvent(({ details }) => /^\s*\{\s*\}\s*$/.test(details ?? '')) },
  fault: { at: 'restored', sql: pastTriggers(`UPDATE audit_events SET details = NULL WHERE details = '{}'`) },
};
