import type { Mutant } from '../mutant.ts';

export const payloadWithoutDetails: Mutant = {
  id: 'payload-without-details',
  what: 'The function that gives what is hashed leaves the details out.',
  strikes: 'behaviour',
  fault: {
    at: 'restored',
    sql: `CREATE OR REPLACE FUNCTION audit_events_canonical_payload(p_prev_hash text, p_id text, p_actor text,
        p_actor_type text, p_action text, p_resource_type text, p_resource_id text, p_details jsonb,
        p_timestamp timestamptz, p_event_category text) RETURNS text LANGUAGE sql STABLE AS $payload$
      SELECT concat_ws('|', coalesce(p_prev_hash, ''), p_id, p_actor, p_actor_type, p_action, p_resource_type, p_resource_id, '',
        to_char(p_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), coalesce(p_event_category, ''))
      $payload$`,
  },
};
