import { crc32 } from 'node:zlib';

/**
 * Where two tables differ, found without keeping either: one fingerprint for each column and block of rows.
 *
 * Up to `MOST_BLOCKS` rows a block is one row, so that the first differing row and column are named exactly;
 * beyond, blocks double, memory stays constant, and a range of rows is named. The fingerprints only locate a
 * difference: whether there is one is for a cryptographic digest to say.
 */
export interface TrailBlock {
  /** The first row's key, for people. */
  readonly key: string;
  readonly rows: number;
  /** An unsigned 32-bit fingerprint per column. */
  readonly cells: readonly number[];
}

export const MOST_BLOCKS = 8192;
const BASE = 0x01000193;

export class Trail {
  /** Rows in every block but the last. */
  blockRows = 1;
  private list: TrailBlock[] = [];

  add(key: string, row: readonly (Buffer | null)[]): void {
    const block = { key, rows: 1, cells: row.map(fingerprint) };
    const last = this.list.at(-1);
    if (last && last.rows < this.blockRows) {
      this.list[this.list.length - 1] = join(last, block);
      return;
    }
    if (this.list.length === MOST_BLOCKS) {
      this.list = coarsen(this.list, 2);
      this.blockRows *= 2;
    }
    this.list.push(block);
  }

  get blocks(): readonly TrailBlock[] {
    return this.list;
  }
}

/** Blocks of `factor` times as many rows. */
export function coarsen(blocks: readonly TrailBlock[], factor: number): TrailBlock[] {
  const coarse: TrailBlock[] = [];
  for (let start = 0; start < blocks.length; start += factor) {
    coarse.push(blocks.slice(start, start + factor).reduce(join));
  }
  return coarse;
}

/** Two neighbouring blocks as one. Associative, so that it does not matter in which steps blocks grow. */
function join(a: TrailBlock, b: TrailBlock): TrailBlock {
  const shift = power(b.rows);
  return {
    key: a.key,
    rows: a.rows + b.rows,
    cells: a.cells.map((cell, column) => (Math.imul(cell, shift) + (b.cells[column] ?? 0)) >>> 0),
  };
}

function power(exponent: number): number {
  let result = 1;
  for (let square = BASE, left = exponent; left > 0; left >>>= 1) {
    if (left & 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

/** NULL differs from the empty value and from every other. */
function fingerprint(cell: Buffer | null): number {
  return cell === null ? 0x6e756c6c : crc32(cell);
}
