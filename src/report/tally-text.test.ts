import { expect, test } from 'vitest';
import { tallyTables } from './tally-tables.ts';
import { tallyLines } from './tally-text.ts';

function outcome(row: string, shown: string, details: readonly string[] = []) {
  return { tallies: [{ of: 'damaged dumps', row, outcome: shown, details }] };
}

test('cases are counted by row and outcome, the most frequent first, and so are the details', () => {
  expect(
    tallyLines(
      tallyTables([
        outcome('tar', 'seen', ['schema', 'row-bytes']),
        outcome('tar', 'refused'),
        outcome('tar', 'refused'),
        outcome('tar', 'seen', ['row-bytes']),
        outcome('tar', 'refused'),
        outcome('custom', 'refused'),
      ]),
    ).map((line) => line.trim()),
  ).toEqual([
    'damaged dumps:',
    'custom                                         1: 1 refused',
    'tar                                            5: 3 refused, 2 seen',
    'by 2 row-bytes, 1 schema',
  ]);
  expect(tallyLines(tallyTables([{}]))).toEqual([]);
});
