import type { Outcome } from './outcome.ts';

/** How often one class of value, option or target occurred, and with which verdicts. */
export interface ClassCount {
  readonly label: string;
  readonly cases: number;
  readonly verdicts: Readonly<Partial<Record<Outcome['verdict'], number>>>;
}

/** Every class that occurred, by name. */
export function coverageOf(outcomes: readonly Outcome[]): ClassCount[] {
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

export interface MissedFloor {
  readonly label: string;
  readonly cases: number;
  readonly floor: number;
}

/** Runs of fewer drawn cases say nothing about rare classes. */
const LEAST_CASES_FOR_FLOORS = 1000;

/**
 * The floors that a deep run did not reach; none for a run that is too short to tell.
 * @param floors least count per 1000 drawn cases
 */
export function missedFloors(
  outcomes: readonly Outcome[],
  floors: Readonly<Record<string, number>>,
): MissedFloor[] {
  const drawn = outcomes.filter(({ origin }) => 'index' in origin);
  if (drawn.length < LEAST_CASES_FOR_FLOORS) return [];
  const counts = new Map(coverageOf(drawn).map(({ label, cases }) => [label, cases]));
  return Object.entries(floors)
    .map(([label, perThousand]) => ({
      label,
      cases: counts.get(label) ?? 0,
      floor: Math.floor((perThousand * drawn.length) / 1000),
    }))
    .filter(({ cases, floor }) => cases < floor);
}
