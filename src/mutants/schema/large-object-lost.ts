import { EVIDENCE } from '../given.ts';
import type { Mutant } from '../mutant.ts';
import { keepsLargeObjects } from '../plans-that.ts';

export const largeObjectLost: Mutant = {
  id: 'large-object-lost',
  what: 'A large object is lost.',
  strikes: 'schema',
  given: [EVIDENCE],
  needs: { plan: keepsLargeObjects },
  fault: { at: 'restored', sql: `SELECT lo_unlink(oid) FROM pg_largeobject_metadata` },
};
