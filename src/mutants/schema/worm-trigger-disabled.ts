import type { Mutant } from '../mutant.ts';

export const wormTriggerDisabled: Mutant = {
  id: 'worm-trigger-disabled',
  what: 'The write-once trigger is disabled.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `ALTER TABLE audit_events DISABLE TRIGGER audit_events_worm_trigger` },
};
