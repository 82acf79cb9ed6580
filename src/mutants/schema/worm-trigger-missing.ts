import type { Mutant } from '../mutant.ts';

export const wormTriggerMissing: Mutant = {
  id: 'worm-trigger-missing',
  what: 'The write-once trigger is missing.',
  strikes: 'schema',
  fault: { at: 'restored', sql: `DROP TRIGGER audit_events_worm_trigger ON audit_events` },
};
