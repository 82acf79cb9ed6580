import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const jsonEncodedTwice: Mutant = {
  id: 'json-encoded-twice',
  what: 'The details were serialised again, as one JSON string.',
  strikes: 'rows',
  needs: { events: someEvent(({ details }) => details !== null && !details.trimStart().startsWith('"')) },
  fault: {
    at: 'restored',
    sql: pastTriggers(
      `UPDATE audit_events SET details = to_jsonb(details::text) WHERE jsonb_typeof(details) <> 'string'`,
    ),
  },
};
