import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const jsonNumberRounded: Mutant = {
  id: 'json-number-rounded',
  what: 'A long number in the details went through a floating-point one.',
  strikes: 'rows',
  needs: { events: someEvent(({ details }) => /[:[,] ?\d{16}[1-9][,}\]]/.test(details ?? '')) },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET details = regexp_replace(details::text, '(\\d{16})[1-9]', '\\10')::jsonb
      WHERE details::text ~ '\\d{16}[1-9]'`),
  },
};
