import { to as copyTo } from 'pg-copy-streams';
import type { Connection } from './connection.ts';

/** One row of a binary COPY: a buffer for each column, null for SQL NULL. Buffers are views, valid until kept past the batch. */
export type BinaryRow = readonly (Buffer | null)[];

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
export async function* copyRows(connection: Connection, query: string): AsyncGenerator<BinaryRow[]> {
  const stream = connection.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`));
  const decoder = new BinaryDecoder();
  for await (const chunk of stream) {
    const rows = decoder.push(chunk as Buffer);
    if (rows.length > 0) yield rows;
  }
  decoder.end();
}

/** Cuts a binary COPY stream into rows, whatever the chunks it comes in. */
export class BinaryDecoder {
  private rest: Buffer = Buffer.alloc(0);
  private headerRead = false;
  private ended = false;

  /** Takes the next bytes; gives the rows that are complete now. */
  push(chunk: Buffer): BinaryRow[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const rows: BinaryRow[] = [];
    let position = this.headerRead ? 0 : this.skipHeader();
    while (this.headerRead && !this.ended) {
      const read = readRow(this.rest, position);
      if (read === 'trailer') this.ended = true;
      if (typeof read === 'string') break;
      rows.push(read.row);
      position = read.end;
    }
    this.rest = this.rest.subarray(position);
    return rows;
  }

  /** @throws where the stream stopped before its trailer */
  end(): void {
    if (!this.ended) throw new Error('the COPY stream ended in the middle of a row');
  }

  private skipHeader(): number {
    if (this.rest.length < HEADER_FIXED) return 0;
    if (!this.rest.subarray(0, SIGNATURE.length).equals(SIGNATURE))
      throw new Error('not a binary COPY stream');
    const extension = this.rest.readInt32BE(SIGNATURE.length + 4);
    if (this.rest.length < HEADER_FIXED + extension) return 0;
    this.headerRead = true;
    return HEADER_FIXED + extension;
  }
}

function readRow(buffer: Buffer, start: number): { row: BinaryRow; end: number } | 'more' | 'trailer' {
  if (buffer.length < start + 2) return 'more';
  const columns = buffer.readInt16BE(start);
  if (columns === -1) return 'trailer';
  const row: (Buffer | null)[] = [];
  let position = start + 2;
  for (let column = 0; column < columns; column++) {
    if (buffer.length < position + 4) return 'more';
    const length = buffer.readInt32BE(position);
    position += 4;
    if (length === -1) {
      row.push(null);
      continue;
    }
    if (buffer.length < position + length) return 'more';
    row.push(buffer.subarray(position, position + length));
    position += length;
  }
  return { row, end: position };
}
