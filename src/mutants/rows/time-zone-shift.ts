import { microsecondsOf } from '../../text/timestamp.ts';
import { everyInstant } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const timeZoneShift: Mutant = {
  id: 'time-zone-shift',
  what: 'Times were read in another zone: all of them are nine hours off.',
  strikes: 'rows',
  needs: { events: everyInstant((at) => at > microsecondsOf(-4711, 1, 1)), rows: 1 },
  fault: {
    at: 'restored',
    sql: pastTriggers(
      `UPDATE audit_events SET "timestamp" = "timestamp" - interval '9 hours' WHERE "timestamp" > '4713-01-01 BC'`,
    ),
  },
};
