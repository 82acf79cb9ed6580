import type { Mutant } from '../mutant.ts';

export const functionForItsDefiner: Mutant = {
  id: 'function-for-its-definer',
  what: 'The verifier runs with its owner’s rights.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER FUNCTION audit_events_verify_chain() SECURITY DEFINER` },
};
