import { microsecondsOf } from '../../text/timestamp.ts';
import { someInstant } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { copiedRows } from '../plans-that.ts';

export const dumpWithoutEras: Mutant = {
  id: 'dump-without-eras',
  what: 'The dump has times before Christ without their era, which the chain’s hash does not tell apart.',
  strikes: 'dump file',
  needs: {
    plan: copiedRows,
    events: someInstant((at) => at < microsecondsOf(1, 1, 1)),
  },
  fault: {
    at: 'rows of the dump',
    table: 'audit_events',
    edit: (rows) => rows.map((row) => row.replace(/( BC)(?=\t)/, '')),
  },
};
