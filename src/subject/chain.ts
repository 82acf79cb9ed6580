import { createHash } from 'node:crypto';
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

const SEPARATOR = Buffer.from('|');
const NOTHING = Buffer.alloc(0);

/**
 * The canonical payload: `prev_hash|id|actor|actor_type|action|resource_type|resource_id|details|timestamp|
 * event_category`, with a NULL prev_hash, details or category as nothing.
 * Undefined where SQL's is NULL: for an infinite timestamp.
 */
function canonicalPayload(row: Omit<ChainRow, 'rowHash'>): Buffer | undefined {
  if (row.timestamp === undefined) return undefined;
  const fields = [
    row.prevHash ?? NOTHING,
    row.id,
    row.actor,
    row.actorType,
    row.action,
    row.resourceType,
    row.resourceId,
    row.details ?? NOTHING,
    Buffer.from(formatCanonical(row.timestamp), 'latin1'),
    row.eventCategory ?? NOTHING,
  ];
  return Buffer.concat(fields.flatMap((field, index) => (index === 0 ? [field] : [SEPARATOR, field])));
}

/** The row as a link of its chain. */
export function linkOf(row: ChainRow): Link {
  return {
    name: row.id.toString(),
    previous: row.prevHash?.toString('latin1') ?? '',
    stored: row.rowHash.toString('latin1'),
    recomputed: recomputeHash(row),
  };
}

/** The row's hash recomputed: 64 lower-case hexadecimal digits; undefined where there is no payload. */
export function recomputeHash(row: Omit<ChainRow, 'rowHash'>): string | undefined {
  const payload = canonicalPayload(row);
  return payload === undefined ? undefined : createHash('sha256').update(payload).digest('hex');
}
