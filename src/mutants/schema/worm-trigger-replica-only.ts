import type { Mutant } from '../mutant.ts';

export const wormTriggerReplicaOnly: Mutant = {
  id: 'worm-trigger-replica-only',
  what: 'The write-once trigger is enabled for replicas only.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_events ENABLE REPLICA TRIGGER audit_events_worm_trigger` },
};
