import { inThisDatabase } from '../database-wide.ts';
import type { Mutant } from '../mutant.ts';

export const extensionMovedAndFound: Mutant = {
  id: 'extension-moved-and-found',
  what: 'The extension is in another schema, which is in the database’s search_path.',
  strikes: 'schema',
  needs: { superuser: true },
  fault: {
    at: 'restored',
    sql: inThisDatabase(
      'SET search_path = public, elsewhere',
      `CREATE SCHEMA elsewhere; ALTER EXTENSION pgcrypto SET SCHEMA elsewhere`,
    ),
  },
};
