import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const textTrimmed: Mutant = {
  id: 'text-trimmed',
  what: 'A text has lost its blanks at either end.',
  strikes: 'rows',
  needs: { events: someEvent(({ resource_id: text }) => /^ | $/.test(text)) },
  fault: {
    at: 'restored',
    sql: pastTriggers(
      `UPDATE audit_events SET resource_id = btrim(resource_id) WHERE resource_id <> btrim(resource_id)`,
    ),
  },
};
