import type { Mutant } from '../mutant.ts';
import { copiedRows } from '../plans-that.ts';

export const dumpWithoutLastRow: Mutant = {
  id: 'dump-without-last-row',
  what: 'The dump is without the last row of the events.',
  strikes: 'dump file',
  needs: { plan: copiedRows, rows: 1 },
  fault: { at: 'rows of the dump', table: 'audit_events', edit: (rows) => rows.slice(0, -1) },
};
