import type { Tally } from '../fuzz/property.ts';
import { groupBy } from '../text/group.ts';
import type { Report } from './report.ts';

export type TallyTable = NonNullable<Report['tables']>[number];

/** What properties counted, as tables. Those of the cases of all shards are the whole run's. */
export function tallyTables(
  cases: readonly { readonly tallies?: readonly Tally[] | undefined }[],
): TallyTable[] {
  const tallies = cases.flatMap((each) => each.tallies ?? []);
  return sorted(groupBy(tallies, ({ of }) => of)).map(([of, counted]) => ({
    of,
    rows: sorted(groupBy(counted, ({ row }) => row)).map(([row, alike]) => ({
      row,
      cases: alike.length,
      outcomes: counts(alike.map(({ outcome }) => outcome)),
      details: counts(alike.flatMap(({ details }) => details)),
    })),
  }));
}

/** Every outcome of a table, its most frequent first: the columns. */
export function outcomesOf({ rows }: TallyTable): string[] {
  const sums = new Map<string, number>();
  for (const [outcome, cases] of rows.flatMap(({ outcomes }) => Object.entries(outcomes)))
    sums.set(outcome, (sums.get(outcome) ?? 0) + cases);
  return [...sums].toSorted(byCount).map(([outcome]) => outcome);
}

/** `2 row-bytes, 1 schema` */
export function inWords(counted: Readonly<Record<string, number>>): string {
  return Object.entries(counted)
    .toSorted(byCount)
    .map(([word, cases]) => `${cases} ${word}`)
    .join(', ');
}

function counts(words: readonly string[]): Record<string, number> {
  const found = [...groupBy(words, (word) => word)];
  return Object.fromEntries(found.map(([word, alike]) => [word, alike.length] as const).toSorted(byCount));
}

type Count = readonly [word: string, cases: number];

/** The most frequent first, those that are equal by name. */
function byCount([one, a]: Count, [other, b]: Count): number {
  return b - a || (one < other ? -1 : 1);
}

function sorted<T>(groups: ReadonlyMap<string, T>): [string, T][] {
  return [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1));
}
