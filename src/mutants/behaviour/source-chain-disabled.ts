import type { Mutant } from '../mutant.ts';

export const sourceChainDisabled: Mutant = {
  id: 'source-chain-disabled',
  what: 'The source’s own trigger that chains new events is disabled, and so is the restored one.',
  strikes: 'behaviour',
  fault: { at: 'source', sql: 'ALTER TABLE audit_events DISABLE TRIGGER audit_events_hash_chain_trigger' },
};
