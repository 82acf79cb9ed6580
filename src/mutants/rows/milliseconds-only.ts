import { someInstant } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const millisecondsOnly: Mutant = {
  id: 'milliseconds-only',
  what: 'Times have lost what is finer than a millisecond.',
  strikes: 'rows',
  needs: { events: someInstant((at) => at % 1000n !== 0n) },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET "timestamp" = date_trunc('milliseconds', "timestamp")
      WHERE date_trunc('milliseconds', "timestamp") <> "timestamp"`),
  },
};
