import { ANNEX, POLICY } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const rowSecurityLost: Mutant = {
  id: 'row-security-lost',
  what: 'Row-level security is switched off.',
  strikes: 'schema',
  given: [ANNEX, POLICY],
  needs: { kept: ['policy'] },
  fault: { at: 'restored', sql: `ALTER TABLE audit_export DISABLE ROW LEVEL SECURITY` },
};
