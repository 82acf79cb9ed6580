import { EVIDENCE } from '../given.ts';
import type { Mutant } from '../mutant.ts';
import { keepsLargeObjects } from '../plans-that.ts';

export const largeObjectsLeftOut: Mutant = {
  id: 'large-objects-left-out',
  what: 'Large objects were not dumped.',
  strikes: 'options',
  given: [EVIDENCE],
  needs: { plan: keepsLargeObjects },
  fault: {
    at: 'plan',
    change: ({ dump, ...trial }) => ({
      ...trial,
      dump: { ...dump, options: [...(dump.options ?? []), '--no-blobs'] },
    }),
  },
};
