import type { Mutant } from '../mutant.ts';
import { VERIFIER_THAT_LIES } from '../verifier-that-lies.ts';

export const verifierAlwaysClean: Mutant = {
  id: 'verifier-always-clean',
  what: 'The verifier says clean whatever happens.',
  strikes: 'behaviour',
  fault: { at: 'restored', sql: VERIFIER_THAT_LIES },
};
