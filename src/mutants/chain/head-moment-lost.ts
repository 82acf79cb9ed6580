import type { Mutant } from '../mutant.ts';

export const headMomentLost: Mutant = {
  id: 'head-moment-lost',
  what: 'The head row has the moment of the restore, in place of the last event’s.',
  strikes: 'chain',
  fault: { at: 'restored', sql: `UPDATE audit_chain_head SET updated_at = now() + interval '1 second'` },
};
