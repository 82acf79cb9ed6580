import type { Mutant } from '../mutant.ts';

export const chainFunctionLeavesTheHead: Mutant = {
  id: 'chain-function-leaves-the-head',
  what: 'The function that chains new events does not move the head.',
  strikes: 'behaviour',
  fault: {
    at: 'restored',
    sql: `CREATE OR REPLACE FUNCTION audit_events_hash_chain() RETURNS trigger LANGUAGE plpgsql AS $chain$
      BEGIN
        SELECT nullif(row_hash, '') INTO NEW.prev_hash FROM audit_chain_head WHERE id = 1;
        NEW.row_hash := encode(digest(audit_events_canonical_payload(NEW.prev_hash, NEW.id, NEW.actor, NEW.actor_type,
          NEW.action, NEW.resource_type, NEW.resource_id, NEW.details, NEW."timestamp", NEW.event_category), 'sha256'), 'hex');
        RETURN NEW;
      END $chain$`,
  },
};
