import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const textCaseFolded: Mutant = {
  id: 'text-case-folded',
  what: 'A text is in lower case.',
  strikes: 'rows',
  needs: { events: someEvent(({ actor }) => /[A-Z]/.test(actor)) },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET actor = lower(actor) WHERE actor <> lower(actor)`),
  },
};
