import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const jsonScaleLost: Mutant = {
  id: 'json-scale-lost',
  what: 'Numbers in the details have lost a zero at their end: 1.10 became 1.1.',
  strikes: 'rows',
  needs: { events: someEvent(({ details }) => /[:[,] ?-?\d\.\d0[,}\]]/.test(details ?? '')) },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET details = regexp_replace(details::text, '(\\.\\d+)0([],}])', '\\1\\2')::jsonb
      WHERE details::text ~ '\\.\\d+0[],}]'`),
  },
};
