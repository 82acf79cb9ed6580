import { inThisDatabase } from '../database-wide.ts';
import type { Mutant } from '../mutant.ts';

export const sessionsReadOnly: Mutant = {
  id: 'sessions-read-only',
  what: 'Sessions in this database may only read.',
  strikes: 'behaviour',
  fault: { at: 'restored', sql: inThisDatabase('SET default_transaction_read_only = on') },
};
