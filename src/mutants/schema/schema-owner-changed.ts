import type { Mutant } from '../mutant.ts';

export const schemaOwnerChanged: Mutant = {
  id: 'schema-owner-changed',
  what: 'The schema belongs to another role.',
  strikes: 'schema',
  needs: { kept: ['owner'], superuser: true },
  fault: { at: 'restored', sql: `ALTER SCHEMA public OWNER TO pg_monitor` },
};
