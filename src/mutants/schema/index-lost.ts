import type { Mutant } from '../mutant.ts';

export const indexLost: Mutant = {
  id: 'index-lost',
  what: 'An index is missing.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `DROP INDEX idx_audit_events_actor` },
};
