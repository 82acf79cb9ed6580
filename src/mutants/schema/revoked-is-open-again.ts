import { READERS } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const revokedIsOpenAgain: Mutant = {
  id: 'revoked-is-open-again',
  what: 'What was revoked from everybody is open again: the verifier’s EXECUTE.',
  strikes: 'schema',
  given: [READERS],
  needs: { kept: ['grant'] },
  fault: { at: 'restored', sql: `GRANT EXECUTE ON FUNCTION audit_events_verify_chain() TO PUBLIC` },
};
