import type { Mutant } from '../mutant.ts';
import { copiedRows } from '../plans-that.ts';

export const dumpWithRowsTwice: Mutant = {
  id: 'dump-with-rows-twice',
  what: 'The dump has the rows of the events twice.',
  strikes: 'dump file',
  needs: { plan: copiedRows, rows: 1 },
  fault: { at: 'rows of the dump', table: 'audit_events', edit: (rows) => [...rows, ...rows] },
};
