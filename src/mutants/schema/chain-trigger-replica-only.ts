import type { Mutant } from '../mutant.ts';

export const chainTriggerReplicaOnly: Mutant = {
  id: 'chain-trigger-replica-only',
  what: 'The trigger that chains new events is enabled for replicas only.',
  strikes: 'schema',
  fault: {
    at: 'restored',
    sql: `ALTER TABLE audit_events ENABLE REPLICA TRIGGER audit_events_hash_chain_trigger`,
  },
};
