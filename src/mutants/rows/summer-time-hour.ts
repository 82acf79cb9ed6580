import { microsecondsOf } from '../../text/timestamp.ts';
import { someInstant } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

/** 2026-11-01 01:00 in New York, for the first time. */
const FOLD = microsecondsOf(2026, 11, 1) + 5n * 3_600_000_000n;

export const summerTimeHour: Mutant = {
  id: 'summer-time-hour',
  what: 'Times of the hour that comes twice in autumn were written without their offset, and read as standard time.',
  strikes: 'rows',
  needs: {
    events: someInstant((at) => at >= FOLD && at < FOLD + 3_600_000_000n),
  },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET "timestamp" = "timestamp" AT TIME ZONE 'America/New_York' AT TIME ZONE 'America/New_York'
      WHERE "timestamp" BETWEEN '0001-01-01' AND '9999-01-01'
        AND "timestamp" AT TIME ZONE 'America/New_York' AT TIME ZONE 'America/New_York' <> "timestamp"`),
  },
};
