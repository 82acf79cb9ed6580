import { microsecondsOf } from '../../text/timestamp.ts';
import { editRows } from '../edit-rows.ts';
import { someInstant } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { plainCopy } from '../plans-that.ts';

export const scriptWithoutEras: Mutant = {
  id: 'script-without-eras',
  what: 'The script of the dump has times before Christ without their era, which the chain’s hash does not tell apart.',
  strikes: 'dump file',
  needs: {
    plan: plainCopy,
    events: someInstant((at) => at < microsecondsOf(1, 1, 1)),
  },
  fault: {
    at: 'script',
    edit: (script) =>
      editRows(script, 'audit_events', (rows) => rows.map((row) => row.replace(/( BC)(?=\t)/, ''))),
  },
};
