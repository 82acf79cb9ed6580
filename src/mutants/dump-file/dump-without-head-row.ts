import type { Mutant } from '../mutant.ts';
import { copiedRows } from '../plans-that.ts';

export const dumpWithoutHeadRow: Mutant = {
  id: 'dump-without-head-row',
  what: 'The dump is without the head row.',
  strikes: 'dump file',
  needs: { plan: copiedRows },
  fault: { at: 'rows of the dump', table: 'audit_chain_head', edit: () => [] },
};
