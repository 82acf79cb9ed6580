import type { Mutant } from '../mutant.ts';

export const functionOwnerChanged: Mutant = {
  id: 'function-owner-changed',
  what: 'The verifier belongs to another role.',
  strikes: 'schema',
  needs: { kept: ['owner'], superuser: true },
  fault: { at: 'restored', sql: `ALTER FUNCTION audit_events_verify_chain() OWNER TO pg_monitor` },
};
