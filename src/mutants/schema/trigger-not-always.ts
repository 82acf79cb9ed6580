import { ANNEX, GUARD } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const triggerNotAlways: Mutant = {
  id: 'trigger-not-always',
  what: 'A trigger that fires always, on replicas too, fires as usual.',
  strikes: 'schema',
  given: [ANNEX, GUARD],
  fault: { at: 'restored', sql: `ALTER TABLE audit_export ENABLE TRIGGER audit_export_guard` },
};
