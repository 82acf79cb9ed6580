import type { StatementRefusal } from '../postgres/statement-refusal.ts';
import type { CatalogObject } from './catalog.ts';
import type { RowTrail } from './row-trail.ts';

/** What a database says about itself at one moment. This is also the file that `snapshot --out` writes. */
export interface Snapshot {
  readonly format: 'restoreproof.snapshot/v1';
  /** `source` before the dump, `restored` after the restore. */
  readonly phase: string;
  readonly taken_at: string;
  readonly server_version: string;
  readonly encoding: string;
  readonly collation: string;
  /** Null where it could not be read; `errors` says why. */
  readonly row_count: number | null;
  readonly chain_head_hash: string | null;
  readonly first_break_id: string | null;
  readonly first_break_pos: number | null;
  readonly verifier_walked: number | null;
  /** The chain recomputed by the harness from the rows alone. */
  readonly recomputed: RecomputedChain | null;
  readonly tables: readonly TableSnapshot[];
  /** By which a differing row is named; undefined where none was asked for. A large one has a file of its own. */
  readonly trail?: RowTrail | undefined;
  readonly catalog: readonly CatalogObject[];
  /** What the database refused to say, by the field it was asked for. */
  readonly errors: readonly SnapshotError[];
}

export interface SnapshotError extends StatementRefusal {
  readonly field: 'row_count' | 'chain_head_hash' | 'verifier' | 'recomputed' | 'catalog';
}

export interface RecomputedChain {
  readonly rows: number;
  readonly tail: string | null;
  readonly fault: string | null;
}

/** One table's rows, as binary UTF-8, in the order of its key under the C collation. */
export interface TableSnapshot {
  /** Schema-qualified and quoted where need be. */
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** The columns that order the rows: the primary key, or every column where there is none. */
  readonly key: readonly string[];
  readonly rows: number;
  /** SHA-256 over every column of every row, lower-case hexadecimal; null where some value cannot be read. */
  readonly digest: string | null;
  /** Why not: such a table is equal to none, least of all to another that cannot be read. */
  readonly unreadable?: StatementRefusal | undefined;
  /** The table's part of the snapshot's trail: positions in bytes, the end excluded. */
  readonly trail_from: number;
  readonly trail_to: number;
  /** The rows themselves, kept in memory for small tables where asked for; never written to a file. */
  readonly values?: readonly (readonly (Buffer | null)[])[] | undefined;
}

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  /** True where the type has no binary form that is the same in every database, so that its text is read. */
  readonly as_text: boolean;
}
