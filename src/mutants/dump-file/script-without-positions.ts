import { ANNEX } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const scriptWithoutPositions: Mutant = {
  id: 'script-without-positions',
  what: 'The script of the dump is without the positions of its sequences.',
  strikes: 'dump file',
  given: [ANNEX],
  needs: { plan: ({ dump }) => dump.format === 'plain' },
  fault: { at: 'script', edit: (script) => script.replaceAll(/^SELECT pg_catalog\.setval\(.*\n/gm, '') },
};
