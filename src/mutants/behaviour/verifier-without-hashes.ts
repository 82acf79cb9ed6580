import type { Mutant } from '../mutant.ts';

export const verifierWithoutHashes: Mutant = {
  id: 'verifier-without-hashes',
  what: 'The verifier follows the links and computes no hash.',
  strikes: 'behaviour',
  fault: {
    at: 'restored',
    sql: `CREATE OR REPLACE FUNCTION audit_events_verify_chain(
        OUT first_break_id text, OUT first_break_pos integer, OUT row_count integer) LANGUAGE sql STABLE AS $verify$
        SELECT (array_agg(id ORDER BY place) FILTER (WHERE broken))[1], coalesce(min(place) FILTER (WHERE broken) - 1, -1)::integer,
          count(*)::integer
        FROM (SELECT id, row_number() OVER walk AS place, prev_hash IS DISTINCT FROM lag(row_hash) OVER walk AS broken
          FROM audit_events WINDOW walk AS (ORDER BY "timestamp", id)) AS walked
      $verify$`,
  },
};
