import { expect, test } from 'vitest';
import { coarsen, MOST_BLOCKS, Trail, type TrailBlock } from './trail.ts';

/** The trail of rows `r0`, `r1`, …, each with a second column that is what `cell` gives. */
function trailOf(rows: number, cell: (row: number) => Buffer | null = () => null): Trail {
  const trail = new Trail();
  for (let row = 0; row < rows; row++) trail.add(`r${row}`, [Buffer.from(`r${row}`), cell(row)]);
  return trail;
}

/** Blocks and columns in which two trails differ. */
function differences(one: readonly TrailBlock[], other: readonly TrailBlock[]): string[] {
  return one.flatMap(({ key, cells }, block) =>
    cells.flatMap((cell, column) =>
      cell === other[block]?.cells[column] ? [] : [`${key} column ${column}`],
    ),
  );
}

test('few rows are a block each', () => {
  const { blocks, blockRows } = trailOf(3);
  expect(blocks.map(({ key, rows }) => [key, rows])).toEqual([
    ['r0', 1],
    ['r1', 1],
    ['r2', 1],
  ]);
  expect(blockRows).toBe(1);
});

test('a changed cell shows in its row and column alone', () => {
  const changed = trailOf(100, (row) => (row === 42 ? Buffer.from('x') : null));
  expect(differences(trailOf(100).blocks, changed.blocks)).toEqual(['r42 column 1']);
});

test('NULL, the empty value and another value are three', () => {
  const cells = [null, Buffer.alloc(0), Buffer.from('x')].map(
    (cell) => trailOf(1, () => cell).blocks[0]?.cells[1],
  );
  expect(new Set(cells).size).toBe(3);
});

test('many rows keep within the bound, and a change shows in its range', () => {
  const rows = MOST_BLOCKS * 5;
  const [one, other] = [trailOf(rows), trailOf(rows, (row) => (row === 30_001 ? Buffer.from('x') : null))];
  expect(one.blockRows).toBe(8);
  expect(one.blocks.length).toBeLessThanOrEqual(MOST_BLOCKS);
  expect(one.blocks.reduce((sum, block) => sum + block.rows, 0)).toBe(rows);
  expect(differences(one.blocks, other.blocks)).toEqual(['r30000 column 1']);
});

test('fine blocks made coarse are the coarse blocks, so that tables of different length compare', () => {
  const [fine, coarse] = [trailOf(MOST_BLOCKS), trailOf(MOST_BLOCKS + 1)];
  expect([fine.blockRows, coarse.blockRows]).toEqual([1, 2]);
  expect(coarsen(fine.blocks, 2)).toEqual(coarse.blocks.slice(0, MOST_BLOCKS / 2));
});

test('rows that change places show', () => {
  const swapped = new Trail();
  for (const name of ['r1', 'r0']) swapped.add(name, [Buffer.from(name), null]);
  expect(differences(coarsen(trailOf(2).blocks, 2), coarsen(swapped.blocks, 2))).toEqual(['r0 column 0']);
});
