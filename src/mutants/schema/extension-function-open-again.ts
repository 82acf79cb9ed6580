import { GUARDED_EXTENSION } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const extensionFunctionOpenAgain: Mutant = {
  id: 'extension-function-open-again',
  what: 'A function of an extension that was revoked from everybody is open again.',
  strikes: 'schema',
  given: [GUARDED_EXTENSION],
  needs: { kept: ['grant'], superuser: true },
  fault: { at: 'restored', sql: `GRANT EXECUTE ON FUNCTION digest(text, text) TO PUBLIC` },
};
