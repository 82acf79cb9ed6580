import type { Mutant } from '../mutant.ts';

export const digestAnswersAsStored: Mutant = {
  id: 'digest-answers-as-stored',
  what: 'The extension’s digest() answers with the hash that is stored, so that the verifier finds every row right.',
  strikes: 'behaviour',
  needs: { rows: 1, superuser: true },
  fault: {
    at: 'restored',
    sql: `CREATE OR REPLACE FUNCTION digest(text, text) RETURNS bytea LANGUAGE plpgsql STABLE AS $digest$
      DECLARE
        stored text;
      BEGIN
        SELECT row_hash INTO stored FROM audit_events WHERE coalesce(prev_hash, '') = split_part($1, '|', 1);
        RETURN coalesce(decode(stored, 'hex'), sha256(convert_to($1, getdatabaseencoding())));
      END $digest$`,
  },
};
