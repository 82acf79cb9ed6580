import { createHash, type Hash } from 'node:crypto';
import { escapeIdentifier } from 'pg';
import type { Connection } from '../postgres/connection.ts';
import { copyRows, type BinaryRow } from '../postgres/copy-binary.ts';
import { describeCell } from '../text/cell.ts';
import type { RowTrailWriter } from './row-trail.ts';
import type { TableColumn, TableSnapshot } from './snapshot.ts';
import type { TableShape } from './table-shapes.ts';

/** How many rows are kept, where values are asked for, so that a report can show both sides. */
const MOST_VALUES = 2000;

export interface ReadRowsOptions {
  /** The columns that ordered the rows on the other side; a lost primary key must not look like lost rows. */
  readonly key?: readonly string[] | undefined;
  readonly keepValues: boolean;
  readonly serverEncoding: string;
  /** Takes the rows' fingerprints. */
  readonly trail?: RowTrailWriter | undefined;
}

/** Reads one table: every column of every row, streamed. The session's client_encoding must be UTF8. */
export async function readTableRows(
  connection: Connection,
  shape: TableShape,
  options: ReadRowsOptions,
): Promise<TableSnapshot> {
  const key = chooseKey(shape, options.key);
  const keyColumns = key.map((name) => shape.columns.findIndex((column) => column.name === name));
  // Without a primary key the key is the whole row, whose values are nobody's to write down.
  const named = key.length < shape.columns.length;
  const nameOf = (row: BinaryRow): string =>
    named ? describeKey(row, keyColumns, shape.columns) : describeRow(row);
  const hash = createHash('sha256');
  const { trail } = options;
  const trailFrom = trail?.bytes ?? 0;
  const values: BinaryRow[] = [];
  let rows = 0;
  for await (const batch of copyRows(connection, selectOrdered(shape, key, options.serverEncoding))) {
    for (const row of batch) {
      rows++;
      digestRow(hash, row);
      trail?.add(nameOf(row), row);
      // Batches are views of network chunks: what is kept is copied, so that no chunk is held by one cell.
      if (options.keepValues && rows <= MOST_VALUES)
        values.push(row.map((cell) => cell && Buffer.from(cell)));
    }
    await trail?.settle();
  }
  return {
    name: shape.name,
    columns: shape.columns,
    key,
    rows,
    digest: hash.digest('hex'),
    trail_from: trailFrom,
    trail_to: trail?.bytes ?? 0,
    values: options.keepValues && rows <= MOST_VALUES ? values : undefined,
  };
}

function chooseKey(shape: TableShape, asked: readonly string[] | undefined): readonly string[] {
  const present = new Set(shape.columns.map((column) => column.name));
  if (asked && asked.length > 0 && asked.every((name) => present.has(name))) return asked;
  return shape.primaryKey.length > 0 ? shape.primaryKey : shape.columns.map((column) => column.name);
}

function selectOrdered(shape: TableShape, key: readonly string[], serverEncoding: string): string {
  const list = shape.columns.map((column) => select(column)).join(', ') || 'NULL';
  const order = key.map((name) => orderBy(name, serverEncoding)).join(', ');
  return `SELECT ${list} FROM ONLY ${shape.name}${order === '' ? '' : ` ORDER BY ${order}`}`;
}

function select(column: TableColumn): string {
  const name = escapeIdentifier(column.name);
  return column.as_text ? `${name}::text` : name;
}

/**
 * Text in UTF-8 byte order: under the C collation bytes are compared in the server's encoding, so other
 * encodings are converted first (SQL_ASCII has nothing to convert from).
 */
function orderBy(name: string, serverEncoding: string): string {
  const text = `${escapeIdentifier(name)}::text`;
  const bytewise = serverEncoding === 'UTF8' || serverEncoding === 'SQL_ASCII';
  return bytewise ? `${text} COLLATE "C"` : `convert_to(${text}, 'UTF8')`;
}

function digestRow(hash: Hash, row: BinaryRow): void {
  const lengths = Buffer.allocUnsafe(2 + 4 * row.length);
  lengths.writeInt16BE(row.length);
  row.forEach((cell, column) => lengths.writeInt32BE(cell?.length ?? -1, 2 + 4 * column));
  hash.update(lengths);
  for (const cell of row) if (cell && cell.length > 0) hash.update(cell);
}

const LONGEST_KEY = 80;

/** A row by a digest of it. */
function describeRow(row: BinaryRow): string {
  const hash = createHash('sha256');
  digestRow(hash, row);
  return `row ${hash.digest('hex').slice(0, 12)}`;
}

function describeKey(row: BinaryRow, keyColumns: readonly number[], columns: readonly TableColumn[]): string {
  const key = keyColumns
    .map((index) => describeCell(row[index], columns[index]?.as_text ? 'text' : (columns[index]?.type ?? '')))
    .join(', ');
  return key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key;
}
