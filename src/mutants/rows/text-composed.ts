import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { inUtf8 } from '../plans-that.ts';

export const textComposed: Mutant = {
  id: 'text-composed',
  what: 'A text was normalised to NFC.',
  strikes: 'rows',
  needs: {
    plan: inUtf8,
    events: someEvent(({ actor }) => actor.normalize('NFC') !== actor && actor.length < 80),
  },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET actor = normalize(actor, NFC)
      WHERE actor <> normalize(actor, NFC) AND char_length(normalize(actor, NFC)) <= 255`),
  },
};
