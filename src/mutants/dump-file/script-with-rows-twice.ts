import { editRows } from '../edit-rows.ts';
import type { Mutant } from '../mutant.ts';
import { plainCopy } from '../plans-that.ts';

export const scriptWithRowsTwice: Mutant = {
  id: 'script-with-rows-twice',
  what: 'The script of the dump has the rows of the events twice.',
  strikes: 'dump file',
  needs: { plan: plainCopy, rows: 1 },
  fault: { at: 'script', edit: (script) => editRows(script, 'audit_events', (rows) => [...rows, ...rows]) },
};
