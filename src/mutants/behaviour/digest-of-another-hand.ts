import type { Mutant } from '../mutant.ts';

export const digestOfAnotherHand: Mutant = {
  id: 'digest-of-another-hand',
  what: 'The extension’s digest() was replaced by one that gives the same hashes, so far.',
  strikes: 'behaviour',
  needs: { superuser: true },
  fault: {
    at: 'restored',
    sql: `CREATE OR REPLACE FUNCTION digest(text, text) RETURNS bytea LANGUAGE sql IMMUTABLE
        AS $digest$ SELECT sha256(convert_to($1, getdatabaseencoding())) $digest$`,
  },
};
