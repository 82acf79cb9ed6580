import { editRows } from '../edit-rows.ts';
import type { Mutant } from '../mutant.ts';
import { plainCopy } from '../plans-that.ts';

export const scriptWithoutLastRow: Mutant = {
  id: 'script-without-last-row',
  what: 'The script of the dump is without the last row of the events.',
  strikes: 'dump file',
  needs: { plan: plainCopy, rows: 1 },
  fault: { at: 'script', edit: (script) => editRows(script, 'audit_events', (rows) => rows.slice(0, -1)) },
};
