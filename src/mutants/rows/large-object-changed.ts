import { EVIDENCE } from '../given.ts';
import type { Mutant } from '../mutant.ts';
import { keepsLargeObjects } from '../plans-that.ts';

export const largeObjectChanged: Mutant = {
  id: 'large-object-changed',
  what: 'The contents of a large object are others.',
  strikes: 'rows',
  given: [EVIDENCE],
  needs: { plan: keepsLargeObjects },
  fault: { at: 'restored', sql: `SELECT lo_put(oid, 0, 'forged!!') FROM pg_largeobject_metadata` },
};
