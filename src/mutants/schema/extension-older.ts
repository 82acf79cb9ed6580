import type { Mutant } from '../mutant.ts';

export const extensionOlder: Mutant = {
  id: 'extension-older',
  what: 'The extension is of an older version.',
  strikes: 'schema',
  needs: { superuser: true },
  fault: { at: 'restored', sql: `UPDATE pg_extension SET extversion = '1.0' WHERE extname = 'pgcrypto'` },
};
