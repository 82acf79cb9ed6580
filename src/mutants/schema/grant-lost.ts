import { READERS } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const grantLost: Mutant = {
  id: 'grant-lost',
  what: 'A role has lost its SELECT on the events.',
  strikes: 'schema',
  given: [READERS],
  needs: { kept: ['grant'] },
  fault: { at: 'restored', sql: `REVOKE SELECT ON audit_events FROM pg_monitor` },
};
