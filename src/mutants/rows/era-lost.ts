import { formatCanonical, microsecondsOf } from '../../text/timestamp.ts';
import { someInstant } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const eraLost: Mutant = {
  id: 'era-lost',
  what: 'Times before Christ have lost their era: 44 BC became AD 44, which the chain’s hash does not tell apart.',
  strikes: 'rows',
  needs: {
    events: someInstant((at) => at < microsecondsOf(1, 1, 1) && !formatCanonical(at).includes('-02-29T')),
  },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events
      SET "timestamp" = (to_char("timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00')::timestamptz
      WHERE "timestamp" < '0001-01-01 00:00+00' AND to_char("timestamp" AT TIME ZONE 'UTC', 'MM-DD') <> '02-29'`),
  },
};
