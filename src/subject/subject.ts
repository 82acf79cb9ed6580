import type { AuditEvent } from '../case/case.ts';
import type { SubjectTraits } from '../case/subject-traits.ts';
import type { BinaryRow, RowBatch } from '../postgres/copy-binary.ts';
import type { Connection } from '../postgres/connection.ts';
import type { InsertTemplate } from './insert-template.ts';
import type { ChainWalkResult } from './chain-walk.ts';

/**
 * The audited schema under test, as the rest of the harness needs to know it. SQL is resolved by the database's own
 * search_path, unless it names its schema.
 */
export interface Subject {
  readonly name: string;
  /** What drawing and predicting know of it. */
  readonly traits: SubjectTraits;
  /** What has to be there before anything is read or written. */
  readonly parts: SubjectParts;
  /** Installs it into an empty database. */
  install(connection: Connection): Promise<void>;
  /** The same as a script for psql. */
  schemaSql(): Promise<string>;
  /** How generated events are written. */
  readonly writing: EventWriting;
  /** Whether hashes can be recomputed from the rows; otherwise checks of that are not applicable. */
  readonly recomputes: boolean;
  /** How many events are loaded at once; absent where all go through the triggers. */
  readonly loading?: ChainLoading | undefined;
  /** One row, one column: how many events there are. */
  readonly countQuery: string;
  /** One row, one column: the newest hash, as the database keeps it; the empty text before the first event. */
  readonly headQuery: string;
  /** One row: first_break_id, first_break_pos, row_count. */
  readonly verifyQuery: string;
  /** The columns a chain walk reads, for a binary COPY in the server's encoding. */
  readonly chainQuery: string;
  newChainWalk(): { add(batch: RowBatch): void; finish(): ChainWalkResult };
  /** One column: the hash of each event, in the verifier's order. */
  readonly hashesQuery: string;
  /** An INSERT of one more event, later than all others, that returns it in the columns of `chainQuery`. */
  readonly appendQuery: string;
  /** The hashes of a row in the columns of `chainQuery`: as stored, and recomputed by the harness. */
  hashesOf(row: BinaryRow): RowHashes;
  /**
   * For sessions that append side by side, in one transaction: the head's lock, then an event of now with the id `$1`.
   * Undefined where that is not known.
   */
  readonly concurrent: { readonly lock: string; readonly append: string } | undefined;
  /** One row, one column: the id of an event in the middle of the chain, in the verifier's order; no row where there is none. */
  readonly middleIdQuery: string;
  /**
   * Statements with the event's id as `$1` that the write-once trigger has to refuse; TRUNCATE, which is of all events,
   * where the source refuses it.
   */
  readonly forbidden: Readonly<Record<Forbidden, string>>;
  /** How it refuses them. Undefined where that is not known. */
  readonly refuses?: Readonly<Partial<Record<Forbidden, RefusedBy>>> | undefined;
  /** Lets the table's owner write past the triggers for the rest of the transaction. */
  readonly unguardQuery: string;
  /** Changes one bit of the event whose id is `$1`. */
  readonly tamperQuery: string;
}

export type Forbidden = 'UPDATE' | 'DELETE' | 'TRUNCATE';

/** By what a statement is refused. */
export interface RefusedBy {
  readonly sqlstate: string;
  /** The function that raised it, or the constraint; without schema. */
  readonly by: string | undefined;
}

/** Tables with the columns that are read or written, and functions as `to_regprocedure` takes them. */
export interface SubjectParts {
  readonly tables: Readonly<Record<string, readonly string[]>>;
  readonly functions: readonly string[];
}

/** By INSERT and COPY into columns, or by an INSERT of the subject's own for each event. */
export type EventWriting = ColumnWriting | InsertTemplate;

/** A table and its columns for the fields of a generated event, quoted where need be. */
export interface ColumnWriting {
  readonly table: string;
  readonly columns: Readonly<Record<keyof AuditEvent, string>>;
}

/** How events get into an empty trail with their chain already computed. */
export interface ChainLoading {
  readonly table: string;
  /** The table with its columns in brackets, as COPY takes them for the rows of `newChain`. */
  readonly copyTarget: string;
  newChain(): { append(event: AuditEvent): Buffer; readonly head: string };
  /** Moves the head to the hash `$1`. */
  readonly setHead: string;
}

interface RowHashes {
  /** Null before the first event; undefined where rows do not tell. */
  readonly previous: string | null | undefined;
  readonly stored: string;
  readonly recomputed: string | undefined;
}
