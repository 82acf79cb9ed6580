import type { Mutant } from '../mutant.ts';

export const wormTriggerForUpdatesOnly: Mutant = {
  id: 'worm-trigger-for-updates-only',
  what: 'The write-once trigger is for UPDATE only.',
  strikes: 'schema',
  fault: {
    at: 'restored',
    sql: `DROP TRIGGER audit_events_worm_trigger ON audit_events;
      CREATE TRIGGER audit_events_worm_trigger BEFORE UPDATE ON audit_events
        FOR EACH ROW EXECUTE FUNCTION audit_events_worm()`,
  },
};
