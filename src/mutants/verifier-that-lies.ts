/** A verifier that says clean whatever happens. */
export const VERIFIER_THAT_LIES = `CREATE OR REPLACE FUNCTION audit_events_verify_chain(
      OUT first_break_id text, OUT first_break_pos integer, OUT row_count integer)
    LANGUAGE sql STABLE AS $verify$ SELECT NULL::text, -1, (SELECT count(*)::integer FROM audit_events) $verify$`;
