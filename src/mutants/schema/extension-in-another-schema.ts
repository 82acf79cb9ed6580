import type { Mutant } from '../mutant.ts';

export const extensionInAnotherSchema: Mutant = {
  id: 'extension-in-another-schema',
  what: 'The extension is in another schema, where the functions do not find it.',
  strikes: 'schema',
  needs: { superuser: true },
  fault: { at: 'restored', sql: `CREATE SCHEMA elsewhere; ALTER EXTENSION pgcrypto SET SCHEMA elsewhere` },
};
