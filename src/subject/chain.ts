import { hash } from 'node:crypto';
import type { Link } from './chain-walk.ts';
import { formatCanonical, type Microseconds } from '../text/timestamp.ts';

/**
 * One row of the chain, in the bytes of the server's own encoding: the SQL functions hash text as it is
 * stored, so that a recomputation must not pass through another encoding.
 */
export interface ChainRow {
  readonly id: Buffer;
  readonly actor: Buffer;
  readonly actorType: Buffer;
  readonly action: Buffer;
  readonly resourceType: Buffer;
  readonly resourceId: Buffer;
  /** The text form of the jsonb value. */
  readonly details: Buffer | null;
  /** Undefined for `infinity` and `-infinity`, which have no canonical text. */
  readonly timestamp: Microseconds | undefined;
  readonly eventCategory: Buffer | null;
  readonly prevHash: Buffer | null;
  readonly rowHash: Buffer;
}

/** The row as a link of its chain. */
export function linkOf(row: ChainRow): Link {
  return {
    name: () => row.id.toString(),
    previous: row.prevHash?.toString('latin1') ?? '',
    stored: row.rowHash.toString('latin1'),
    recomputed: recomputeHash(row),
  };
}

/** The row's hash recomputed: 64 lower-case hexadecimal digits; undefined where SQL's payload is NULL. */
export function recomputeHash(row: Omit<ChainRow, 'rowHash'>): string | undefined {
  if (row.timestamp === undefined) return undefined;
  const fields = [
    row.id,
    row.actor,
    row.actorType,
    row.action,
    row.resourceType,
    row.resourceId,
    row.details,
  ];
  const payload = new Payload();
  payload.begin(row.prevHash);
  for (const field of fields) payload.add(field);
  payload.addTime(formatCanonical(row.timestamp));
  payload.add(row.eventCategory);
  return payload.hash();
}

const SEPARATOR = 0x7c;
/** Up to so many bytes a loop copies quicker than a call. */
const SHORT = 48;

/**
 * A canonical payload under construction: `prev_hash|id|actor|actor_type|action|resource_type|resource_id|details|
 * timestamp|event_category`, in the order in which it is added, with a NULL prev_hash, details or category as nothing.
 * It may be begun again and again.
 */
export class Payload {
  private buffer = Buffer.allocUnsafe(1024);
  private length = 0;

  /** The hash before: the bytes between two positions of a buffer, the whole of it where they are left out. */
  begin(previous: Buffer | null, start = 0, end = previous?.length ?? 0): void {
    this.length = 0;
    if (previous) this.append(previous, start, end);
  }

  /** The next field, likewise. */
  add(field: Buffer | null, start = 0, end = field?.length ?? 0): void {
    this.reserve(1);
    this.buffer[this.length++] = SEPARATOR;
    if (field) this.append(field, start, end);
  }

  /** The time, in ASCII. */
  addTime(text: string): void {
    this.add(null);
    this.reserve(text.length);
    for (let at = 0; at < text.length; at++) this.buffer[this.length++] = text.charCodeAt(at);
  }

  /** SHA-256, as 64 lower-case hexadecimal digits. */
  hash(): string {
    return hash('sha256', this.buffer.subarray(0, this.length));
  }

  private append(bytes: Buffer, start: number, end: number): void {
    this.reserve(end - start);
    if (end - start > SHORT) {
      this.length += bytes.copy(this.buffer, this.length, start, end);
      return;
    }
    const { buffer } = this;
    let { length } = this;
    for (let at = start; at < end; at++) buffer[length++] = bytes[at] ?? 0;
    this.length = length;
  }

  private reserve(more: number): void {
    const size = this.length + more;
    if (size > this.buffer.length) this.buffer = Buffer.concat([this.buffer], 2 * size);
  }
}
