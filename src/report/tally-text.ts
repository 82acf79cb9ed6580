import { inWords, type TallyTable } from './tally-tables.ts';

/** Of `connection-terminated, during the restore`. */
const WIDTH = 41;

/** One line for each row of each table, and one for its details. */
export function tallyLines(tables: readonly TallyTable[]): string[] {
  return tables.flatMap(({ of, rows }) => [
    `${of}:`,
    ...rows.flatMap(({ row, cases, outcomes, details }) => [
      `  ${row.padEnd(WIDTH)} ${String(cases).padStart(6)}: ${inWords(outcomes)}`,
      ...(Object.keys(details).length === 0 ? [] : [`${' '.repeat(WIDTH + 11)}by ${inWords(details)}`]),
    ]),
  ]);
}
