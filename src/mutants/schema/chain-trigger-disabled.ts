import type { Mutant } from '../mutant.ts';

export const chainTriggerDisabled: Mutant = {
  id: 'chain-trigger-disabled',
  what: 'The trigger that chains new events is disabled.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_events DISABLE TRIGGER audit_events_hash_chain_trigger` },
};
