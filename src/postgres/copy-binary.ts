import type { Connection } from './connection.ts';
import { copyOut } from './copy-out.ts';

/** One row of a binary COPY: a buffer for each column, null for SQL NULL. Buffers are views, valid until kept past the batch. */
export type BinaryRow = readonly (Buffer | null)[];

/**
 * Rows that came together, as the bytes that they are and the places of their cells in them, so that a row that is only
 * looked through costs no object. Valid until the next batch.
 */
export interface RowBatch {
  /** The rows one after another: for each the number of its columns, and for each cell its length and its bytes. */
  readonly bytes: Buffer;
  readonly rows: number;
  readonly columns: number;
  /** For cell `column` of row `row` at `2 * (row * columns + column)`: where it begins, and its length, -1 for NULL. */
  readonly cells: Int32Array;
}

/** `PGCOPY\n\377\r\n\0` (manual, COPY, File Formats, Binary Format). */
const SIGNATURE = Buffer.from('5047434f50590aff0d0a00', 'hex');
const HEADER_FIXED = SIGNATURE.length + 8;

/** What a binary COPY begins with: the signature, no flags, no header extension. */
export const COPY_HEADER = Buffer.concat([SIGNATURE, Buffer.alloc(8)]);
/** What it ends with: a row of -1 columns. */
export const COPY_TRAILER = Buffer.from('ffff', 'hex');

/** One row of a binary COPY. */
export function encodeRow(row: BinaryRow): Buffer {
  const size = row.reduce((sum, cell) => sum + 4 + (cell?.length ?? 0), 2);
  const buffer = Buffer.allocUnsafe(size);
  let at = buffer.writeInt16BE(row.length);
  for (const cell of row) {
    at = buffer.writeInt32BE(cell?.length ?? -1, at);
    if (cell) at += cell.copy(buffer, at);
  }
  return buffer;
}

/**
 * Streams a query's rows in COPY's binary format, in batches as they come off the network, so that a table of
 * any size passes through constant memory.
 *
 * @throws the server's error where the query fails, also in the middle of the stream
 */
export async function* copyBatches(connection: Connection, query: string): AsyncGenerator<RowBatch> {
  const decoder = new BinaryDecoder();
  for await (const chunk of copyOut(connection, `COPY (${query}) TO STDOUT (FORMAT binary)`)) {
    const batch = decoder.push(chunk);
    if (batch.rows > 0) yield batch;
  }
  decoder.end();
}

/** The same, row by row as buffers. */
export async function* copyRows(connection: Connection, query: string): AsyncGenerator<BinaryRow[]> {
  for await (const batch of copyBatches(connection, query)) yield rowsOf(batch);
}

/** The rows of a batch. */
export function rowsOf(batch: RowBatch): BinaryRow[] {
  return Array.from({ length: batch.rows }, (_, row) => rowOf(batch, row));
}

/** One row of a batch. */
export function rowOf(batch: RowBatch, row: number): BinaryRow {
  return Array.from({ length: batch.columns }, (_, column) => cellOf(batch, row, column));
}

/** One cell of a batch. */
export function cellOf({ bytes, columns, cells }: RowBatch, row: number, column: number): Buffer | null {
  const index = 2 * (row * columns + column);
  const [start = 0, length = -1] = [cells[index], cells[index + 1]];
  return length === -1 ? null : bytes.subarray(start, start + length);
}

/** The bytes of one row of a batch, which has columns. */
export function bytesOf(batch: RowBatch, row: number): Buffer {
  return batch.bytes.subarray(startOf(batch, row), startOf(batch, row + 1));
}

/** Before the bytes of the first cell are the number of columns and its length. */
function startOf({ bytes, rows, columns, cells }: RowBatch, row: number): number {
  return row < rows ? (cells[2 * row * columns] ?? 0) - 6 : bytes.length;
}

const NOTHING = Buffer.alloc(0);

/** Cuts a binary COPY stream into rows, whatever the chunks it comes in. */
export class BinaryDecoder {
  private rest: Buffer = NOTHING;
  private headerRead = false;
  private ended = false;
  private cells = new Int32Array(1024);

  /** Takes the next bytes; gives the rows that are complete now. */
  push(chunk: Buffer): RowBatch {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const start = this.headerRead ? 0 : this.headerLength(bytes);
    const batch = this.headerRead && !this.ended ? this.cut(bytes.subarray(start)) : this.empty();
    this.rest = bytes.subarray(start + batch.bytes.length);
    return batch;
  }

  /** @throws where the stream stopped before its trailer */
  end(): void {
    if (!this.ended) throw new Error('the COPY stream ended in the middle of a row');
  }

  private empty(): RowBatch {
    return { bytes: NOTHING, rows: 0, columns: 0, cells: this.cells };
  }

  private cut(bytes: Buffer): RowBatch {
    let [rows, columns, end] = [0, 0, 0];
    while (end + 2 <= bytes.length) {
      const count = bytes.readInt16BE(end);
      if (count === -1) {
        this.ended = true;
        break;
      }
      if (rows > 0 && count !== columns) throw new Error('the rows of a COPY have equally many columns');
      this.reserve(2 * (rows + 1) * count);
      const next = this.cutRow(bytes, end + 2, 2 * rows * count, count);
      if (next === undefined) break;
      columns = count;
      rows++;
      end = next;
    }
    return { bytes: bytes.subarray(0, end), rows, columns, cells: this.cells };
  }

  /** Gives the end of the row that begins at `at`; undefined where more bytes are needed. */
  private cutRow(bytes: Buffer, at: number, firstIndex: number, columns: number): number | undefined {
    const { cells } = this;
    const { length: available } = bytes;
    let index = firstIndex;
    let position = at;
    for (let column = 0; column < columns; column++) {
      if (position + 4 > available) return undefined;
      const length = bytes.readInt32BE(position);
      position += 4;
      cells[index++] = position;
      cells[index++] = length;
      if (length > 0) position += length;
    }
    return position <= available ? position : undefined;
  }

  private reserve(size: number): void {
    if (size <= this.cells.length) return;
    const larger = new Int32Array(2 * size);
    larger.set(this.cells);
    this.cells = larger;
  }

  /** Zero as long as the header is not there as a whole. */
  private headerLength(bytes: Buffer): number {
    if (bytes.length < HEADER_FIXED) return 0;
    if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('not a binary COPY stream');
    const extension = bytes.readInt32BE(SIGNATURE.length + 4);
    if (bytes.length < HEADER_FIXED + extension) return 0;
    this.headerRead = true;
    return HEADER_FIXED + extension;
  }
}
