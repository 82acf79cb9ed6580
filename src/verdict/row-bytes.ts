import type { TableSnapshot } from '../snapshot/snapshot.ts';
import { describeCell } from '../text/cell.ts';
import { coarsen, type TrailBlock } from '../text/trail.ts';
import { failed, held, type CheckResult, type Evidence } from './check.ts';

interface Difference {
  readonly summary: string;
  readonly source: string;
  readonly restored: string;
}

/** Every column of every row of every table has the same bytes. */
export function checkRowBytes({ source, restored }: Evidence): CheckResult {
  const restoredByName = new Map(restored.tables.map((table) => [table.name, table]));
  for (const before of source.tables) {
    const after = restoredByName.get(before.name);
    const difference = after
      ? compareTables(before, after)
      : { summary: `table ${before.name} is gone`, source: `${before.rows} rows`, restored: 'no such table' };
    if (difference) return failed('row-bytes', difference.summary, difference.source, difference.restored);
    restoredByName.delete(before.name);
  }
  const [added] = restoredByName.values();
  if (added) {
    return failed(
      'row-bytes',
      `table ${added.name} was not there before`,
      'no such table',
      `${added.rows} rows`,
    );
  }
  const rows = source.tables.reduce((sum, table) => sum + table.rows, 0);
  return held('row-bytes', `${rows} rows of ${source.tables.length} tables, every column`);
}

/** Undefined where both tables hold the same rows. */
export function compareTables(source: TableSnapshot, restored: TableSnapshot): Difference | undefined {
  const shapes = [source, restored].map((table) => JSON.stringify(table.columns));
  if (shapes[0] !== shapes[1]) {
    const [before, after] = [source, restored].map(({ columns }) =>
      columns.map(({ name, type }) => `${name} ${type}`).join(', '),
    );
    return {
      summary: `table ${source.name}: the columns differ`,
      source: before ?? '',
      restored: after ?? '',
    };
  }
  if (source.digest === restored.digest && source.rows === restored.rows) return undefined;
  return locate(source, restored);
}

function locate(source: TableSnapshot, restored: TableSnapshot): Difference {
  const blockRows = Math.max(source.block_rows, restored.block_rows);
  const before = coarsen(source.blocks, blockRows / source.block_rows);
  const after = coarsen(restored.blocks, blockRows / restored.block_rows);
  const index = before.findIndex((block, position) => !sameBlock(block, after[position]));
  // All of the source's rows are there, and more.
  const at = index === -1 ? before.length : index;
  const one = before[at];
  const other = after[at];
  const where = describePlace(at, blockRows, one, other);
  if (!one || !other || one.key !== other.key) {
    return {
      summary: `table ${source.name}: ${where}: ${one && !other ? 'a row is missing' : 'another row stands here'}`,
      source: one ? `row ${one.key}` : `no row; ${source.rows} rows in all`,
      restored: other ? `row ${other.key}` : `no row; ${restored.rows} rows in all`,
    };
  }
  const column = one.cells.findIndex((cell, position) => cell !== other.cells[position]);
  const name = source.columns[column]?.name;
  return {
    summary: `table ${source.name}: ${where}: ${name === undefined ? 'the bytes differ' : `column ${name} differs`}`,
    ...describeValues(source, restored, at, column, blockRows),
  };
}

function sameBlock(a: TrailBlock, b: TrailBlock | undefined): boolean {
  return b !== undefined && a.rows === b.rows && a.cells.every((cell, column) => cell === b.cells[column]);
}

function describePlace(at: number, blockRows: number, one?: TrailBlock, other?: TrailBlock): string {
  const key = one?.key ?? other?.key ?? '';
  const first = at * blockRows + 1;
  if (blockRows === 1) return `row ${first} (${key})`;
  const rows = Math.max(one?.rows ?? 0, other?.rows ?? 0);
  return `among rows ${first} to ${first + rows - 1} (from ${key})`;
}

function describeValues(
  source: TableSnapshot,
  restored: TableSnapshot,
  row: number,
  column: number,
  blockRows: number,
): Pick<Difference, 'source' | 'restored'> {
  const shape = source.columns[column];
  const [before, after] = [source.values?.[row]?.[column], restored.values?.[row]?.[column]];
  if (blockRows === 1 && shape && before !== undefined && after !== undefined) {
    const type = shape.as_text ? 'text' : shape.type;
    return { source: describeCell(before, type), restored: describeCell(after, type) };
  }
  return { source: `digest ${source.digest}`, restored: `digest ${restored.digest}` };
}
