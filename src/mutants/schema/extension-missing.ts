import type { Mutant } from '../mutant.ts';

export const extensionMissing: Mutant = {
  id: 'extension-missing',
  what: 'The extension is missing.',
  strikes: 'schema',
  needs: { superuser: true },
  fault: { at: 'restored', sql: `DROP EXTENSION pgcrypto CASCADE` },
};
