import { STAMPING } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const triggersOutOfOrder: Mutant = {
  id: 'triggers-out-of-order',
  what: 'A trigger that completes new events fires after the one that hashes them: its name sorts behind.',
  strikes: 'schema',
  given: [STAMPING],
  fault: {
    at: 'restored',
    sql: `ALTER TRIGGER audit_events_a_stamp ON audit_events RENAME TO audit_events_z_stamp`,
  },
};
