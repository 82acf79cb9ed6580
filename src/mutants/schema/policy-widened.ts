import { ANNEX, POLICY } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const policyWidened: Mutant = {
  id: 'policy-widened',
  what: 'A policy of row-level security lets everybody see every row.',
  strikes: 'schema',
  given: [ANNEX, POLICY],
  needs: { kept: ['policy'] },
  fault: { at: 'restored', sql: `ALTER POLICY audit_export_own ON audit_export USING (true)` },
};
