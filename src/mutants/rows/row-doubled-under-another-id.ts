import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { LAST } from '../trail.ts';

export const rowDoubledUnderAnotherId: Mutant = {
  id: 'row-doubled-under-another-id',
  what: 'The last row is there a second time, under another id.',
  strikes: 'rows',
  needs: { rows: 1, events: (events) => events.every(({ id }) => id.length < 1000) },
  fault: {
    at: 'restored',
    sql: pastTriggers(`INSERT INTO audit_events SELECT 'zzzz-' || id, actor, actor_type, action, resource_type, resource_id, details,
      "timestamp", event_category, prev_hash, row_hash FROM audit_events WHERE id = ${LAST}`),
  },
};
