import type { Outcome } from '../fuzz/outcome.ts';

/** Cases of one row of a table by their outcome, and how often each further word was said about one. */
interface TallyRow {
  cases: number;
  readonly outcomes: Map<string, number>;
  readonly details: Map<string, number>;
}

/** The tables that properties keep, by their names. */
function tables(outcomes: readonly Outcome[]): Map<string, Map<string, TallyRow>> {
  const found = new Map<string, Map<string, TallyRow>>();
  for (const { of, row, outcome, details } of outcomes.flatMap(({ tallies }) => tallies ?? [])) {
    const table = found.get(of) ?? new Map<string, TallyRow>();
    const counted = table.get(row) ?? { cases: 0, outcomes: new Map(), details: new Map() };
    counted.cases++;
    count(counted.outcomes, outcome);
    for (const detail of details) count(counted.details, detail);
    found.set(of, table.set(row, counted));
  }
  return found;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** `61 refused, 4 seen` */
function inWords(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([key, cases]) => `${cases} ${key}`)
    .join(', ');
}

/** One line for each row of each table, and one for its details. */
export function tallyLines(outcomes: readonly Outcome[]): string[] {
  return [...tables(outcomes)].flatMap(([of, table]) => [
    `${of}:`,
    ...[...table]
      .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
      .flatMap(([row, { cases, outcomes: shown, details }]) => [
        `  ${row.padEnd(36)} ${String(cases).padStart(6)}: ${inWords(shown)}`,
        ...(details.size === 0 ? [] : [`${' '.repeat(47)}by ${inWords(details)}`]),
      ]),
  ]);
}
