import type { Mutant } from '../mutant.ts';

export const functionVolatile: Mutant = {
  id: 'function-volatile',
  what: 'A function that was STABLE is VOLATILE.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER FUNCTION audit_events_verify_chain() VOLATILE` },
};
