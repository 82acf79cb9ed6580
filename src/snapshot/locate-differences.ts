import { sameDigest } from '../text/same-digest.ts';
import { readTrail, type TrailRow } from './row-trail.ts';
import type { Snapshot, TableSnapshot } from './snapshot.ts';

/** The first row in which two tables differ, read in the order of the source's key. */
export interface RowDifference {
  readonly table: string;
  /**
   * `changed`: a row of the same key with another value; `missing`: it is not in the restored table; `added`: it was
   * not in the source; `replaced`: one that is missing, and one that was added in its place; `moved`: rows stand in
   * another order.
   */
  readonly kind: 'changed' | 'missing' | 'added' | 'replaced' | 'moved';
  /** From 1. All rows before it are equal. */
  readonly position: number;
  /** Keys for people; undefined at the end of a table. */
  readonly source: string | undefined;
  readonly restored: string | undefined;
  /** The first column that differs between the rows that stand there, from 0; undefined unless changed or replaced. */
  readonly column: number | undefined;
}

/**
 * Reads both trails of every table that is there on both sides and differs, in constant memory, up to its first
 * difference. Where a row stands against one of another key, both are looked for further on: that is how a lost row
 * is told from an added one and from a changed key.
 *
 * A table is left out where a snapshot has no trail, where rows cannot be read, and where digests differ and no
 * fingerprint does.
 */
export async function locateDifferences(source: Snapshot, restored: Snapshot): Promise<RowDifference[]> {
  const differences: RowDifference[] = [];
  for (const before of source.tables) {
    const after = restored.tables.find(({ name }) => name === before.name);
    if (!after || sameDigest(before.digest, after.digest) || !sameColumns(before, after)) continue;
    if (before.unreadable || after.unreadable) continue;
    const [rows, others] = [rowsOf(source, before), rowsOf(restored, after)];
    const found = rows && others && (await compare(rows, others, keyColumns(before)));
    if (found) differences.push({ table: before.name, ...found });
  }
  return differences;
}

/** Gives the rows of a table from one of them on, counted from 0. */
type Rows = (from?: number) => AsyncGenerator<TrailRow>;

function rowsOf({ trail }: Snapshot, { trail_from: from, trail_to: to }: TableSnapshot): Rows | undefined {
  return trail && ((skipped = 0) => skip(readTrail(trail, from, to), skipped));
}

async function* skip(rows: AsyncGenerator<TrailRow>, count: number): AsyncGenerator<TrailRow> {
  let index = 0;
  for await (const row of rows) if (index++ >= count) yield row;
}

function sameColumns(one: TableSnapshot, other: TableSnapshot): boolean {
  return JSON.stringify(one.columns) === JSON.stringify(other.columns);
}

function keyColumns({ columns, key }: TableSnapshot): number[] {
  return key.map((name) => columns.findIndex((column) => column.name === name));
}

async function compare(
  rows: Rows,
  others: Rows,
  key: readonly number[],
): Promise<Omit<RowDifference, 'table'> | undefined> {
  const [one, other] = [rows(), others()];
  try {
    for (let index = 0; ; index++) {
      const [{ value: before }, { value: after }] = [await one.next(), await other.next()];
      const seen = { position: index + 1, source: before?.key, restored: after?.key, column: undefined };
      if (!before && !after) return undefined;
      if (!after) return { ...seen, kind: 'missing' };
      if (!before) return { ...seen, kind: 'added' };
      const column = firstDifferentCell(before, after);
      if (column === -1) continue;
      if (sameKey(before, after, key)) return { ...seen, kind: 'changed', column };
      const gone = !(await includes(others(index), before, key));
      const come = !(await includes(rows(index), after, key));
      if (gone && come) return { ...seen, kind: 'replaced', column };
      return { ...seen, kind: gone ? 'missing' : come ? 'added' : 'moved' };
    }
  } finally {
    await one.return(undefined);
    await other.return(undefined);
  }
}

function firstDifferentCell(one: TrailRow, other: TrailRow): number {
  return one.cells.findIndex((cell, column) => cell !== other.cells[column]);
}

function sameKey(one: TrailRow, other: TrailRow, key: readonly number[]): boolean {
  return one.key === other.key && key.every((column) => one.cells[column] === other.cells[column]);
}

async function includes(
  rows: AsyncGenerator<TrailRow>,
  wanted: TrailRow,
  key: readonly number[],
): Promise<boolean> {
  for await (const row of rows) if (sameKey(row, wanted, key)) return true;
  return false;
}
