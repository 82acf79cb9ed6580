/** A row as a link of its chain; hashes in hexadecimal. */
export interface Link {
  /** For people. */
  readonly name: () => string;
  /** The hash before it; the empty string where it is the first. */
  readonly previous: string;
  readonly stored: string;
  /** Undefined where its fields give none. */
  readonly recomputed: string | undefined;
}

/** What a walk over all rows of a chain found. */
export interface ChainWalkResult {
  readonly rows: number;
  /** The last row's hash; the empty string for a chain without rows; null where the rows are not one chain. */
  readonly tail: string | null;
  /** The first thing that is wrong, in words; null where every hash and every link is right. */
  readonly fault: string | null;
}

/** A stretch of rows that follow one another: `start` is the hash before its first row, `end` its last row's. */
interface Stretch {
  readonly start: string;
  end: string;
}

/**
 * Recomputes a chain from its rows alone and follows their links, in insertion order, whatever order the rows
 * are read in.
 *
 * Rows that come in chain order extend one stretch, so that memory does not grow with them; rows out of order
 * open stretches, which are joined at the end.
 */
export class ChainWalk {
  private rows = 0;
  private fault: string | null = null;
  private current: Stretch | undefined;
  private readonly stretches = new Map<string, Stretch>();

  add({ name, previous, stored, recomputed }: Link): void {
    this.rows++;
    if (recomputed !== stored) {
      this.note(`row ${name()}: its hash is ${stored}, recomputed ${recomputed ?? 'NULL'}`);
    }
    if (this.current?.end === previous) {
      this.current.end = stored;
      return;
    }
    if (this.stretches.has(previous)) {
      this.note(`row ${name()}: a second row follows ${previous === '' ? 'nothing' : previous}`);
      return;
    }
    this.current = { start: previous, end: stored };
    this.stretches.set(previous, this.current);
  }

  finish(): ChainWalkResult {
    if (this.rows === 0) return { rows: 0, tail: '', fault: null };
    let tail = '';
    for (let next = this.stretches.get(tail); next; next = this.stretches.get(tail)) {
      this.stretches.delete(tail);
      tail = next.end;
    }
    const [loose] = this.stretches.keys();
    if (loose !== undefined) this.note(`no row has the hash ${loose}, which a row names as the one before`);
    return { rows: this.rows, tail: this.fault === null ? tail : null, fault: this.fault };
  }

  private note(fault: string): void {
    this.fault ??= fault;
  }
}
