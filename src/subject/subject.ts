import type { BinaryRow } from '../postgres/copy-binary.ts';
import type { ChainWalkResult } from './chain-walk.ts';

/** The audited schema under test, as the rest of the harness needs to know it. All SQL is resolved by the database's own search_path. */
export interface Subject {
  readonly name: string;
  /** One row, one column: how many events there are. */
  readonly countQuery: string;
  /** One row, one column: the newest hash, as the database keeps it. */
  readonly headQuery: string;
  /** One row: first_break_id, first_break_pos, row_count. */
  readonly verifyQuery: string;
  /** The columns a chain walk reads, for a binary COPY in the server's encoding. */
  readonly chainQuery: string;
  newChainWalk(): { add(row: BinaryRow): void; finish(): ChainWalkResult };
  /** An INSERT of one more event, later than all others, that returns it in the columns of `chainQuery`. */
  readonly appendQuery: string;
  /** The hashes of a row in the columns of `chainQuery`: as stored, and recomputed by the harness. */
  hashesOf(row: BinaryRow): RowHashes;
  /** One row, one column: the id of an event in the middle of the chain, in the verifier's order; no row where there is none. */
  readonly middleIdQuery: string;
  /** Statements with the event's id as `$1` that the write-once trigger has to refuse. */
  readonly forbidden: { readonly UPDATE: string; readonly DELETE: string };
  /** Lets the table's owner write past the triggers for the rest of the transaction. */
  readonly unguardQuery: string;
  /** Changes one bit of the event whose id is `$1`. */
  readonly tamperQuery: string;
}

interface RowHashes {
  readonly previous: string | null;
  readonly stored: string;
  readonly recomputed: string | undefined;
}
