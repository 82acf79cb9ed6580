import type { Mutant } from '../mutant.ts';

export const tableOwnerChanged: Mutant = {
  id: 'table-owner-changed',
  what: 'The events belong to another role.',
  strikes: 'schema',
  needs: { kept: ['owner'], superuser: true },
  fault: { at: 'restored', sql: `ALTER TABLE audit_events OWNER TO pg_monitor` },
};
