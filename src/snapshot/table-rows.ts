import { createHash, hash } from 'node:crypto';
import { escapeIdentifier } from 'pg';
import type { Connection } from '../postgres/connection.ts';
import {
  bytesOf,
  cellOf,
  copyBatches,
  rowOf,
  type BinaryRow,
  type RowBatch,
} from '../postgres/copy-binary.ts';
import { unreadableValue } from '../postgres/statement-refusal.ts';
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

/** The savepoint of the caller's transaction that an unreadable table goes back to. */
export const UNREAD = 'unread';

/**
 * Reads one table: every column of every row, streamed. The session's client_encoding must be UTF8.
 *
 * A value that the server holds and cannot give, such as a byte that is no character of the database's encoding, makes
 * the table unreadable: nothing else is tried, for any other reading would be of other bytes.
 * @throws where reading fails for a reason that is not in the rows
 */
export async function readTableRows(
  connection: Connection,
  shape: TableShape,
  options: ReadRowsOptions,
): Promise<TableSnapshot> {
  try {
    return await readEveryRow(connection, shape, options);
  } catch (error) {
    const unreadable = unreadableValue(error);
    if (!unreadable) throw error;
    await connection.query(`ROLLBACK TO SAVEPOINT ${UNREAD}`);
    return { ...(await countRows(connection, shape, options)), unreadable };
  }
}

async function countRows(
  connection: Connection,
  shape: TableShape,
  options: ReadRowsOptions,
): Promise<TableSnapshot> {
  const { rows } = await connection.query<{ count: string }>(`SELECT count(*) FROM ONLY ${shape.name}`);
  const end = options.trail?.bytes ?? 0;
  return {
    name: shape.name,
    columns: shape.columns,
    key: chooseKey(shape, options.key),
    rows: Number(rows[0]?.count),
    digest: null,
    trail_from: end,
    trail_to: end,
  };
}

async function readEveryRow(
  connection: Connection,
  shape: TableShape,
  options: ReadRowsOptions,
): Promise<TableSnapshot> {
  const key = chooseKey(shape, options.key);
  const keyColumns = key.map((name) => shape.columns.findIndex((column) => column.name === name));
  // Without a primary key the key is the whole row, whose values are nobody's to write down.
  const named = key.length < shape.columns.length;
  const nameOf = (batch: RowBatch, row: number): string =>
    named ? describeKey(batch, row, keyColumns, shape.columns) : describeRow(batch, row);
  const digest = createHash('sha256');
  const { trail } = options;
  const trailFrom = trail?.bytes ?? 0;
  const values: BinaryRow[] = [];
  let rows = 0;
  for await (const batch of copyBatches(connection, selectOrdered(shape, key, options.serverEncoding))) {
    digest.update(batch.bytes);
    if (trail) for (let row = 0; row < batch.rows; row++) trail.add(nameOf(batch, row), batch, row);
    rows += batch.rows;
    if (!options.keepValues || rows > MOST_VALUES) values.length = 0;
    else for (let row = 0; row < batch.rows; row++) values.push(keptRow(batch, row));
    await trail?.settle();
  }
  return {
    name: shape.name,
    columns: shape.columns,
    key,
    rows,
    digest: digest.digest('hex'),
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

/** A batch is a view of network chunks: what is kept is copied, so that no chunk is held by one cell. */
function keptRow(batch: RowBatch, row: number): BinaryRow {
  return rowOf(batch, row).map((cell) => cell && Buffer.from(cell));
}

const LONGEST_KEY = 80;

/** A row by a digest of it. */
function describeRow(batch: RowBatch, row: number): string {
  return `row ${hash('sha256', bytesOf(batch, row)).slice(0, 12)}`;
}

function describeKey(
  batch: RowBatch,
  row: number,
  keyColumns: readonly number[],
  columns: readonly TableColumn[],
): string {
  const key = keyColumns
    .map((index) =>
      describeCell(
        cellOf(batch, row, index),
        columns[index]?.as_text ? 'text' : (columns[index]?.type ?? ''),
      ),
    )
    .join(', ');
  return key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key;
}
