import { inThisDatabase } from '../database-wide.ts';
import type { Mutant } from '../mutant.ts';

export const sessionsAsReplicas: Mutant = {
  id: 'sessions-as-replicas',
  what: 'Sessions in this database are replicas by default, so that no usual trigger fires.',
  strikes: 'behaviour',
  needs: { superuser: true },
  fault: { at: 'restored', sql: inThisDatabase('SET session_replication_role = replica') },
};
