import type { Mutant } from '../mutant.ts';
import { LAST } from '../trail.ts';

export const headRewound: Mutant = {
  id: 'head-rewound',
  what: 'The head row has the hash of the row before the last one.',
  strikes: 'chain',
  needs: { rows: 1 },
  fault: {
    at: 'restored',
    sql: `UPDATE audit_chain_head SET row_hash = coalesce((SELECT prev_hash FROM audit_events WHERE id = ${LAST}), '')
      WHERE row_hash <> ''`,
  },
};
