import { expect, test } from 'vitest';
import type { TableSnapshot } from '../snapshot/snapshot.ts';
import { Trail } from '../text/trail.ts';
import { compareTables } from './row-bytes.ts';

const COLUMNS = [
  { name: 'id', type: 'text', as_text: false },
  { name: 'n', type: 'int4', as_text: false },
];

/** A table of rows as a snapshot sees it; `digest` stands for whatever the rows hash to. */
function table(rows: readonly (readonly [string, number])[], keepValues = true): TableSnapshot {
  const trail = new Trail();
  const values = rows.map(([id, n]) => {
    const number = Buffer.alloc(4);
    number.writeInt32BE(n);
    return [Buffer.from(id), number];
  });
  values.forEach((row, index) => trail.add(JSON.stringify(rows[index]?.[0]), row));
  return {
    name: 'public.t',
    columns: COLUMNS,
    key: ['id'],
    rows: rows.length,
    digest: JSON.stringify(rows),
    block_rows: trail.blockRows,
    blocks: trail.blocks,
    values: keepValues ? values : undefined,
  };
}

const ROWS = [
  ['a', 1],
  ['b', 2],
  ['c', 3],
] as const;

test('equal tables do not differ', () => {
  expect(compareTables(table(ROWS), table(ROWS))).toBeUndefined();
});

test('a changed value is named with its row, its column and both values', () => {
  expect(
    compareTables(
      table(ROWS),
      table([
        ['a', 1],
        ['b', -2],
        ['c', 3],
      ]),
    ),
  ).toEqual({
    summary: 'table public.t: row 2 ("b"): column n differs',
    source: '2',
    restored: '-2',
  });
});

test('without the values the digests are shown', () => {
  const difference = compareTables(
    table(ROWS, false),
    table([
      ['a', 1],
      ['b', -2],
      ['c', 3],
    ]),
  );
  expect(difference?.summary).toBe('table public.t: row 2 ("b"): column n differs');
  expect(difference?.source).toMatch(/^digest /);
});

test.each([
  [
    'lost from the middle',
    [
      ['a', 1],
      ['c', 3],
    ],
    'row 2 ("b"): another row stands here',
    'row "b"',
    'row "c"',
  ],
  [
    'lost from the end',
    [
      ['a', 1],
      ['b', 2],
    ],
    'row 3 ("c"): a row is missing',
    'row "c"',
    'no row; 2 rows in all',
  ],
  [
    'added at the end',
    [...ROWS, ['d', 4]],
    'row 4 ("d"): another row stands here',
    'no row; 3 rows in all',
    'row "d"',
  ],
] as const)('a row %s is named', (_, rows, summary, source, restored) => {
  const difference = compareTables(table(ROWS), table(rows));
  expect(difference).toEqual({ summary: `table public.t: ${summary}`, source, restored });
});

test('other columns are named', () => {
  const other = { ...table(ROWS), columns: [COLUMNS[0], { name: 'n', type: 'int8', as_text: false }] };
  const difference = compareTables(table(ROWS), other as TableSnapshot);
  expect(difference).toMatchObject({ source: 'id text, n int4', restored: 'id text, n int8' });
});

test('digests that differ over fingerprints that agree are a difference all the same', () => {
  const difference = compareTables(table(ROWS), { ...table(ROWS), digest: 'another' });
  expect(difference?.summary).toContain('table public.t');
});

test('among very many rows a range is named', () => {
  const many = Array.from({ length: 20_000 }, (_, row): [string, number] => [
    `k${String(row).padStart(5, '0')}`,
    row,
  ]);
  const difference = compareTables(table(many, false), table(many.with(12_345, ['k12345', -1]), false));
  expect(difference?.summary).toBe(
    'table public.t: among rows 12345 to 12348 (from "k12344"): column n differs',
  );
});
