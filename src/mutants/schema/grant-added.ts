import type { Mutant } from '../mutant.ts';

export const grantAdded: Mutant = {
  id: 'grant-added',
  what: 'Everybody may read the events.',
  strikes: 'schema',
  needs: { kept: ['grant'] },
  fault: { at: 'restored', sql: `GRANT SELECT ON audit_events TO PUBLIC` },
};
