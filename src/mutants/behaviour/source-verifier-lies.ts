import type { Mutant } from '../mutant.ts';
import { VERIFIER_THAT_LIES } from '../verifier-that-lies.ts';

export const sourceVerifierLies: Mutant = {
  id: 'source-verifier-lies',
  what: 'The source’s own verifier says clean whatever happens, and so does the restored one.',
  strikes: 'behaviour',
  fault: { at: 'source', sql: VERIFIER_THAT_LIES },
};
