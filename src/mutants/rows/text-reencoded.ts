import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { inUtf8 } from '../plans-that.ts';

export const textReencoded: Mutant = {
  id: 'text-reencoded',
  what: 'UTF-8 was taken for LATIN1 and encoded again.',
  strikes: 'rows',
  needs: {
    plan: inUtf8,
    events: someEvent(({ actor }) => /\P{ASCII}/u.test(actor) && Buffer.byteLength(actor) <= 255),
  },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET actor = convert_from(convert_to(actor, 'UTF8'), 'LATIN1')
      WHERE octet_length(actor) > char_length(actor) AND octet_length(actor) <= 255`),
  },
};
