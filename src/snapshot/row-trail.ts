import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { RowBatch } from '../postgres/copy-binary.ts';
import { fingerprint } from '../text/fingerprint.ts';

/**
 * A row's name and one fingerprint for each of its columns, by which the first row that differs is found without
 * keeping either table. The fingerprints only locate a difference: whether there is one is for a cryptographic digest
 * to say.
 */
export interface TrailRow {
  /** The key, for people: text of at most some 80 characters. */
  readonly key: string;
  /** An unsigned 32-bit fingerprint per column. */
  readonly cells: readonly number[];
}

/**
 * The rows of all tables of one snapshot, one after another: what fits is held in memory, the rest in a file.
 * A row is the length of its key in bytes and the number of its cells, 16 bits each, then the key and 32 bits a cell,
 * all big-endian.
 */
export interface RowTrail {
  readonly bytes: number;
  /** SHA-256 of the whole, lower-case hexadecimal. */
  readonly digest: string;
  /** In memory, or the path of a file. */
  readonly held: Buffer | string;
}

/** Bytes of a trail that stay in memory: some 4,000 rows of audit events. */
const MOST_BYTES_IN_MEMORY = 256 * 1024;
const CHUNK = 64 * 1024;

/** Writes a trail. Beyond what memory takes it goes to the file given, which is replaced. */
export class RowTrailWriter {
  private readonly file: string;
  private readonly hash = createHash('sha256');
  private chunk = Buffer.allocUnsafe(CHUNK);
  private used = 0;
  private full: Buffer[] = [];
  private written = 0;
  private handle: FileHandle | undefined;

  constructor(file: string) {
    this.file = file;
  }

  /** Bytes so far, by which the end of a table is told. */
  get bytes(): number {
    return this.written + this.used;
  }

  add(key: string, { bytes, columns, cells }: RowBatch, row: number): void {
    const keyBytes = Buffer.byteLength(key);
    this.reserve(4 + keyBytes + 4 * columns);
    let at = this.chunk.writeUInt16BE(keyBytes, this.used);
    at = this.chunk.writeUInt16BE(columns, at);
    at += this.chunk.write(key, at);
    for (let index = 2 * row * columns; index < 2 * (row + 1) * columns; index += 2) {
      const [start = 0, length = -1] = [cells[index], cells[index + 1]];
      const value = length === -1 ? NULL : fingerprint(bytes, start, start + length);
      at = this.chunk.writeUInt32BE(value, at);
    }
    this.used = at;
  }

  /** To be called now and then: lets go of what does not fit into memory. */
  async settle(): Promise<void> {
    if (this.written < MOST_BYTES_IN_MEMORY || this.full.length === 0) return;
    this.handle ??= await open(this.file, 'w', 0o600);
    const [first = Buffer.alloc(0), ...rest] = this.full;
    this.full = [];
    for (const part of [first, ...rest]) await this.handle.write(part);
  }

  async finish(): Promise<RowTrail> {
    this.turnOver(CHUNK);
    if (this.handle) await this.settle();
    const held = this.handle ? this.file : Buffer.concat(this.full);
    return { bytes: this.written, digest: this.hash.digest('hex'), held };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle?.close();
  }

  private reserve(size: number): void {
    if (this.used + size > this.chunk.length) this.turnOver(Math.max(CHUNK, size));
  }

  private turnOver(size: number): void {
    const done = this.chunk.subarray(0, this.used);
    this.hash.update(done);
    this.full.push(done);
    this.written += this.used;
    this.chunk = Buffer.allocUnsafe(size);
    this.used = 0;
  }
}

/** What stands for NULL, which differs from the empty value. */
const NULL = 0x6e756c6c;

/** The rows between two positions in bytes, read in constant memory. */
export async function* readTrail(trail: RowTrail, from: number, to: number): AsyncGenerator<TrailRow> {
  if (from === to) return;
  const chunks =
    typeof trail.held === 'string'
      ? (createReadStream(trail.held, { start: from, end: to - 1 }) as AsyncIterable<Buffer>)
      : [trail.held.subarray(from, to)];
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = endOfRow(rest, at); end !== undefined; end = endOfRow(rest, at)) {
      yield readRow(rest.subarray(at, end));
      at = end;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw new Error('a row trail ends in the middle of a row');
}

function endOfRow(buffer: Buffer, start: number): number | undefined {
  if (buffer.length < start + 4) return undefined;
  const end = start + 4 + buffer.readUInt16BE(start) + 4 * buffer.readUInt16BE(start + 2);
  return end <= buffer.length ? end : undefined;
}

function readRow(row: Buffer): TrailRow {
  const keyEnd = 4 + row.readUInt16BE();
  const cells = Array.from({ length: row.readUInt16BE(2) }, (_, column) =>
    row.readUInt32BE(keyEnd + 4 * column),
  );
  return { key: row.toString('utf8', 4, keyEnd), cells };
}
