import { expect, test } from 'vitest';
import type { RowDifference } from '../snapshot/locate-differences.ts';
import type { Snapshot, TableSnapshot } from '../snapshot/snapshot.ts';
import type { CheckResult } from './check.ts';
import { checkRowBytes } from './row-bytes.ts';

const COLUMNS = [
  { name: 'id', type: 'text', as_text: false },
  { name: 'n', type: 'int4', as_text: false },
];

/** A table of one-letter keys and numbers as a snapshot sees it; `digest` stands for whatever the rows hash to. */
function table(rows: string, change: Partial<TableSnapshot> = {}): TableSnapshot {
  const cells = rows.split(' ').map((row) => {
    const number = Buffer.alloc(4);
    number.writeInt32BE(Number(row.slice(1)));
    return [Buffer.from(row.slice(0, 1)), number];
  });
  return {
    name: 'public.t',
    columns: COLUMNS,
    key: ['id'],
    rows: cells.length,
    digest: rows,
    trail_from: 0,
    trail_to: 0,
    values: cells,
    ...change,
  };
}

function check(
  source: readonly TableSnapshot[],
  restored: readonly TableSnapshot[],
  ...located: RowDifference[]
): CheckResult {
  const [before, after] = [source, restored].map((tables) => ({ tables }) as Snapshot);
  if (!before || !after) throw new Error('there are two');
  return checkRowBytes({ source: before, restored: after, located, exempt: new Set() });
}

const BEFORE = table('a1 b2 c3');
const AT = { table: 'public.t', position: 2, source: '"b"', restored: '"b"', column: undefined };

test('equal tables do not differ', () => {
  expect(check([BEFORE], [table('a1 b2 c3')])).toEqual({
    id: 'row-bytes',
    outcome: 'held',
    summary: '3 rows of 1 tables, every column',
  });
});

test('rows that cannot be read are equal to none, on one side or on both', () => {
  const unreadable = { sqlstate: '22P05', message: 'no equivalent' };
  const mute = table('a1 b2 c3', { digest: null, unreadable });
  const summary = 'table public.t: its rows cannot be read';
  const why = 'no equivalent (SQLSTATE 22P05)';
  expect(check([BEFORE], [mute])).toMatchObject({
    outcome: 'failed',
    summary,
    source: '3 rows',
    restored: why,
  });
  expect(check([mute], [BEFORE])).toMatchObject({
    outcome: 'failed',
    summary,
    source: why,
    restored: '3 rows',
  });
  expect(check([mute], [mute])).toMatchObject({ outcome: 'failed', summary, source: why, restored: why });
  // A digest that is missing for whatever reason is none, too.
  const blank = table('a1 b2 c3', { digest: null });
  expect(check([blank], [blank])).toMatchObject({ outcome: 'failed' });
});

test('a changed value is named with its row, its column and both values', () => {
  const located = { ...AT, kind: 'changed', column: 1 } as const;
  expect(check([BEFORE], [table('a1 b-2 c3')], located)).toMatchObject({
    outcome: 'failed',
    summary: 'table public.t: row 2 ("b"): column n differs',
    source: '2',
    restored: '-2',
  });
});

test('without the values the digests are shown', () => {
  const located = { ...AT, kind: 'changed', column: 1 } as const;
  const restored = table('a1 b-2 c3', { values: undefined });
  expect(check([BEFORE], [restored], located)).toMatchObject({
    summary: 'table public.t: row 2 ("b"): column n differs',
    source: 'digest a1 b2 c3',
    restored: 'digest a1 b-2 c3',
  });
});

test.each([
  [{ kind: 'missing', restored: '"c"' }, 'row 2 ("b") is missing', 'row "b"', 'row "c"'],
  [{ kind: 'missing', restored: undefined }, 'row 2 ("b") is missing', 'row "b"', 'no row; 2 rows in all'],
  [{ kind: 'added', restored: '"aa"' }, 'row 2 ("aa") was not there before', 'row "b"', 'row "aa"'],
  [
    { kind: 'added', source: undefined },
    'row 2 ("b") was not there before',
    'no row; 3 rows in all',
    'row "b"',
  ],
  [
    { kind: 'replaced', restored: '"bb"', column: 0 },
    'row 2 ("b"): another row stands here, from column id on',
    'row "b"',
    'row "bb"',
  ],
  [{ kind: 'moved', restored: '"c"' }, 'row 2 ("b"): the rows stand in another order', 'row "b"', 'row "c"'],
] as const)('%o is told', (difference, summary, source, restored) => {
  const result = check([BEFORE], [table('x1 y2')], { ...AT, ...difference });
  expect(result).toMatchObject({
    outcome: 'failed',
    summary: `table public.t: ${summary}`,
    source,
    restored,
  });
});

test('digests that differ are a difference, located or not', () => {
  expect(check([BEFORE], [table('a1 b2 c4')])).toMatchObject({
    outcome: 'failed',
    summary: 'table public.t: the bytes differ; in which row is not known',
    source: '3 rows, digest a1 b2 c3',
  });
});

test('other columns are named', () => {
  const other = table('a1 b2 c3', { columns: COLUMNS.map((column) => ({ ...column, type: 'int8' })) });
  expect(check([BEFORE], [other])).toMatchObject({
    outcome: 'failed',
    source: 'id text, n int4',
    restored: 'id int8, n int8',
  });
});

test('every table that differs is told, up to three, and tables that are gone or new', () => {
  const tables = ['a', 'b', 'c', 'd', 'e'].map((name) => table('a1', { name }));
  const changed = tables.slice(1).map((each) => ({ ...each, digest: 'another' }));
  const located = { ...AT, table: 'c', kind: 'changed', column: 1 } as const;
  expect(check(tables, changed, located)).toMatchObject({
    summary:
      'table a is gone; table b: the bytes differ; in which row is not known; table c: row 2 ("b"): column n differs; 2 more tables differ',
    source: '1 rows',
    restored: 'no such table',
  });
  expect(check([], tables.slice(0, 1))).toMatchObject({ summary: 'table a was not there before' });
});
