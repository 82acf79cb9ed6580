import type { Mutant } from '../mutant.ts';

export const sourceWormDisabled: Mutant = {
  id: 'source-worm-disabled',
  what: 'The source’s own write-once trigger is disabled, and so is the restored one.',
  strikes: 'behaviour',
  fault: { at: 'source', sql: 'ALTER TABLE audit_events DISABLE TRIGGER audit_events_worm_trigger' },
};
