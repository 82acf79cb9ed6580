import type { Mutant } from '../mutant.ts';

export const tableUnlogged: Mutant = {
  id: 'table-unlogged',
  what: 'The events are in an unlogged table, which a crash empties.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_events SET UNLOGGED` },
};
