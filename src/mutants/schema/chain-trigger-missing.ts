import type { Mutant } from '../mutant.ts';

export const chainTriggerMissing: Mutant = {
  id: 'chain-trigger-missing',
  what: 'The trigger that chains new events is missing.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `DROP TRIGGER audit_events_hash_chain_trigger ON audit_events` },
};
