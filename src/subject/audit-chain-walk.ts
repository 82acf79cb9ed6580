import type { RowBatch } from '../postgres/copy-binary.ts';
import { canonicalTime, formatCanonical, POSTGRES_EPOCH } from '../text/timestamp.ts';
import { ChainWalk, type ChainWalkResult } from './chain-walk.ts';
import { Payload } from './chain.ts';

/** The columns of `chainQuery`, by their places in a row. */
const [ID, DETAILS, AT, CATEGORY, PREVIOUS, STORED, COLUMNS] = [0, 6, 7, 8, 9, 10, 11] as const;

const DAY = 86_400_000_000;
/** 2000-01-01, where PostgreSQL counts from, in days since 1970-01-01. */
const DAYS_TO_2000 = Number(POSTGRES_EPOCH / BigInt(DAY));

/** The walk over the rows of the audit chain: of a million rows most make no object but their hash. */
export class AuditChainWalk {
  private readonly walk = new ChainWalk();
  private readonly payload = new Payload();

  add(batch: RowBatch): void {
    if (batch.columns !== COLUMNS) throw new Error(`the rows of a chain have ${COLUMNS} columns`);
    for (let row = 0; row < batch.rows; row++) this.addRow(batch, 2 * COLUMNS * row);
  }

  finish(): ChainWalkResult {
    return this.walk.finish();
  }

  private addRow({ bytes, cells }: RowBatch, first: number): void {
    const start = (column: number): number => cells[first + 2 * column] ?? 0;
    const end = (column: number): number => start(column) + Math.max(0, cells[first + 2 * column + 1] ?? 0);
    const { payload } = this;
    payload.begin(bytes, start(PREVIOUS), end(PREVIOUS));
    for (let column = ID; column < DETAILS; column++) payload.add(bytes, start(column), end(column));
    // jsonb is sent as a version byte and its text (src/backend/utils/adt/jsonb.c, jsonb_send).
    payload.add(bytes, Math.min(start(DETAILS) + 1, end(DETAILS)), end(DETAILS));
    const time = end(AT) === start(AT) ? undefined : timeAt(bytes, start(AT));
    payload.addTime(time ?? '');
    payload.add(bytes, start(CATEGORY), end(CATEGORY));
    this.walk.add({
      name: () => bytes.toString('utf8', start(ID), end(ID)),
      previous: bytes.toString('latin1', start(PREVIOUS), end(PREVIOUS)),
      stored: bytes.toString('latin1', start(STORED), end(STORED)),
      recomputed: time === undefined ? undefined : payload.hash(),
    });
  }
}

// The largest and smallest int64 stand for infinity and -infinity (src/include/datatype/timestamp.h).
const [INFINITY, MINUS_INFINITY] = [2n ** 63n - 1n, -(2n ** 63n)];
/** Within 2^53 microseconds of 2000, some 285 years, a double is exact, and quicker than a bigint. */
const EXACT = 2 ** 21;

/** A timestamptz as its canonical text; undefined where it is infinite. Where it is NULL, so is SQL's payload. */
function timeAt(bytes: Buffer, start: number): string | undefined {
  const high = bytes.readInt32BE(start);
  if (high >= -EXACT && high < EXACT) {
    const at = high * 2 ** 32 + bytes.readUInt32BE(start + 4);
    const rest = at % DAY;
    const ofDay = rest < 0 ? rest + DAY : rest;
    return canonicalTime((at - ofDay) / DAY + DAYS_TO_2000, ofDay);
  }
  const at = bytes.readBigInt64BE(start);
  return at === INFINITY || at === MINUS_INFINITY ? undefined : formatCanonical(at + POSTGRES_EPOCH);
}
