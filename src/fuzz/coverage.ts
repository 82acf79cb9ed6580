import type { Outcome } from './outcome.ts';

/** How often one class of value, option or target occurred, and with which verdicts. */
export interface ClassCount {
  readonly label: string;
  readonly cases: number;
  readonly verdicts: Readonly<Partial<Record<Outcome['verdict'], number>>>;
}

/** Every class that occurred, by name. */
export function coverageOf(outcomes: readonly Pick<Outcome, 'labels' | 'verdict'>[]): ClassCount[] {
  const counts = new Map<string, Map<Outcome['verdict'], number>>();
  for (const { labels, verdict } of outcomes) {
    for (const label of labels) {
      const verdicts = counts.get(label) ?? new Map<Outcome['verdict'], number>();
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      counts.set(label, verdicts);
    }
  }
  return [...counts]
    .map(([label, verdicts]) => ({
      label,
      cases: [...verdicts.values()].reduce((sum, count) => sum + count, 0),
      verdicts: Object.fromEntries(verdicts),
    }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** What a deep run has to cover of one class, and what was covered. */
export interface Floor {
  readonly label: string;
  /** How often it is expected in 1000 drawn cases. */
  readonly perThousand: number;
  readonly wanted: number;
  /** Drawn cases it occurred in: those of the corpus are always there and do not count. */
  readonly cases: number;
}

/** Runs of fewer drawn cases, canaries included, say too little. */
const LEAST_CASES_FOR_FLOORS = 1000;

export interface Floors {
  readonly floors: readonly Floor[];
  /** False: the run is too short, or is only a part, and a floor that is not reached says nothing. */
  readonly judged: boolean;
}

/**
 * The floors, held against the drawn cases of a run.
 * @param perThousand how often a class is expected in 1000 drawn cases, by label
 * @param canaries drawn cases that are not among the outcomes
 */
export function floorsOf(
  outcomes: readonly Pick<Outcome, 'origin' | 'labels' | 'verdict'>[],
  perThousand: Readonly<Record<string, number>>,
  canaries = 0,
): Floors {
  const drawn = outcomes.filter(({ origin }) => 'index' in origin);
  const counts = new Map(coverageOf(drawn).map(({ label, cases }) => [label, cases]));
  const floors = Object.entries(perThousand).map(([label, expected]) => ({
    label,
    perThousand: expected,
    wanted: leastCount(expected / 1000, drawn.length),
    cases: counts.get(label) ?? 0,
  }));
  return { floors, judged: drawn.length + canaries >= LEAST_CASES_FOR_FLOORS };
}

/**
 * Standard deviations that a count may stay behind its expectation. Were all cases independent, less would happen by
 * chance once in three million times; those of a family have one workload and one dump, so that counts vary more.
 */
const DEVIATIONS = 5;
/** Of so many expected none comes by chance once in a million times: the logarithm of a million. */
const MANY_ENOUGH = 13.8;

/** The least count of a class that a run of so many cases is held to, from the binomial distribution. */
export function leastCount(probability: number, cases: number): number {
  const expected = probability * cases;
  const least = Math.floor(expected - DEVIATIONS * Math.sqrt(expected * (1 - probability)));
  return Math.max(least, expected >= MANY_ENOUGH ? 1 : 0);
}

/** The floors that a deep run did not reach; none for a run that cannot tell. */
export function missedFloors({ floors, judged }: Floors): Floor[] {
  return judged ? floors.filter(({ cases, wanted }) => cases < wanted) : [];
}
