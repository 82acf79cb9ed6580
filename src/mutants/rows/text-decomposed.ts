import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';
import { inUtf8 } from '../plans-that.ts';

export const textDecomposed: Mutant = {
  id: 'text-decomposed',
  what: 'A text was normalised to NFD.',
  strikes: 'rows',
  needs: {
    plan: inUtf8,
    events: someEvent(({ actor }) => actor.normalize('NFD') !== actor && actor.length < 80),
  },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET actor = normalize(actor, NFD)
      WHERE actor <> normalize(actor, NFD) AND char_length(normalize(actor, NFD)) <= 255`),
  },
};
