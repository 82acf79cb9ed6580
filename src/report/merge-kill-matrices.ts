import { groupBy } from '../text/group.ts';
import type { Report } from './report.ts';

type KillMatrix = NonNullable<Report['kill_matrix']>;
type Mutant = KillMatrix['mutants'][number];

/** Standings from the worst to the best: of one mutant in several self-tests the worst stands. */
const STANDINGS = ['survived', 'seen', 'not struck', 'killed', 'unseen', 'not tried'];

/** Kill matrices of one catalogue, added up mutant by mutant. There has to be one at least. */
export function mergeKillMatrices(matrices: readonly KillMatrix[]): KillMatrix {
  const mutants = groupBy(
    matrices.flatMap((matrix) => matrix.mutants),
    ({ id }) => id,
  );
  return {
    checks: [...new Set(matrices.flatMap(({ checks }) => checks))],
    first_four: [...new Set(matrices.flatMap(({ first_four: four }) => four))],
    mutants: [...mutants.values()].flatMap((alike) => mergeMutant(alike) ?? []),
  };
}

function mergeMutant(alike: readonly Mutant[]): Mutant | undefined {
  const [worst] = alike.toSorted((a, b) => STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing));
  if (!worst) return undefined;
  const struck = alike.find(({ drawn }) => drawn.struck_at !== undefined)?.drawn.struck_at;
  return {
    ...worst,
    as_it_has_to: alike.every((mutant) => mutant.as_it_has_to),
    killed_by: [...new Set(alike.flatMap(({ killed_by: by }) => by))],
    missed_by_first_four: alike.some((mutant) => mutant.missed_by_first_four),
    drawn: {
      tried: alike.reduce((sum, { drawn }) => sum + drawn.tried, 0),
      ...(struck === undefined ? {} : { struck_at: struck }),
      killed_by: [...new Set(alike.flatMap(({ drawn }) => drawn.killed_by))],
    },
  };
}
