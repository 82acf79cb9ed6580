import { microsecondsOf } from '../../text/timestamp.ts';
import { everyInstant } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { LAST } from '../trail.ts';

export const microsecondLost: Mutant = {
  id: 'microsecond-lost',
  what: 'One row is a microsecond earlier.',
  strikes: 'rows',
  needs: { events: everyInstant((at) => at > microsecondsOf(-4712, 1, 1)), rows: 1 },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET "timestamp" = "timestamp" - interval '1 microsecond'
      WHERE id = ${LAST} AND "timestamp" > '4713-01-01 BC'`),
  },
};
