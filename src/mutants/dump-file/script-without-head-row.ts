import { editRows } from '../edit-rows.ts';
import type { Mutant } from '../mutant.ts';
import { plainCopy } from '../plans-that.ts';

export const scriptWithoutHeadRow: Mutant = {
  id: 'script-without-head-row',
  what: 'The script of the dump is without the head row.',
  strikes: 'dump file',
  needs: { plan: plainCopy },
  fault: { at: 'script', edit: (script) => editRows(script, 'audit_chain_head', () => []) },
};
