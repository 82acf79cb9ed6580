import type { Cell, Outcome } from '../fuzz/outcome.ts';
import { groupBy } from '../text/group.ts';

/** One case of a matrix, and what became of it. */
type CellOutcome = Pick<Outcome, 'verdict' | 'signature'> & { readonly origin: Cell };

/** One line for each way, one column for each dump format: how many cases had which verdict. */
export function matrixTable(outcomes: readonly CellOutcome[], formats: readonly string[]): string[] {
  const ways = groupBy(outcomes, ({ origin }) => origin.way);
  const rows = [
    ['from → to', ...formats],
    ...[...ways].map(([way, cases]) => [
      way,
      ...formats.map((format) => cellText(cases.filter(({ origin }) => origin.format === format))),
    ]),
  ];
  const widths = ['', ...formats].map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `9 faithful, 1 lossy, 1 NOT AS PREDICTED` */
function cellText(cases: readonly CellOutcome[]): string {
  const verdicts = groupBy(cases, ({ verdict }) => verdict);
  const surprises = cases.filter(({ signature }) => signature !== undefined).length;
  return [
    ...[...verdicts].map(([verdict, found]) => `${found.length} ${verdict}`),
    ...(surprises > 0 ? [`${surprises} NOT AS PREDICTED`] : []),
  ].join(', ');
}
