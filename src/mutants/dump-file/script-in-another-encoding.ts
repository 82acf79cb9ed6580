import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { inUtf8 } from '../plans-that.ts';

export const scriptInAnotherEncoding: Mutant = {
  id: 'script-in-another-encoding',
  what: 'The script of the dump says LATIN1 of its text, which is UTF-8.',
  strikes: 'dump file',
  needs: {
    plan: (trial) => trial.dump.format === 'plain' && inUtf8(trial),
    events: someEvent(({ actor }) => /\P{ASCII}/u.test(actor)),
  },
  fault: {
    at: 'script',
    edit: (script) => script.replace(/^SET client_encoding = 'UTF8';$/m, "SET client_encoding = 'LATIN1';"),
  },
};
