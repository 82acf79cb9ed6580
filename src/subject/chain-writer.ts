import type { AuditEvent } from '../case/case.ts';
import { encodeRow } from '../postgres/copy-binary.ts';
import { POSTGRES_EPOCH } from '../text/timestamp.ts';
import { recomputeHash } from './chain.ts';

/** The columns of the rows that a `ChainWriter` gives, in their order. */
export const CHAIN_WRITER_COLUMNS =
  'id, actor, actor_type, action, resource_type, resource_id, details, "timestamp", event_category, prev_hash, row_hash';

/** The version byte before the text of a jsonb value (src/backend/utils/adt/jsonb.c, jsonb_recv). */
const JSONB_VERSION = Buffer.from([1]);

/** A chain that grows from nothing: each event as the row that the triggers would have made of it. */
export class ChainWriter {
  private newest: Buffer | null = null;

  /** The newest hash; the empty text before the first event. */
  get head(): string {
    return this.newest?.toString('latin1') ?? '';
  }

  /** The row in COPY's binary format. */
  append({ timestamp, event_category: category = 'cert_lifecycle', ...event }: AuditEvent): Buffer {
    if (timestamp?.at === undefined) throw new Error(`event ${event.id} has no given time`);
    const at = BigInt(timestamp.at);
    const row = {
      id: Buffer.from(event.id),
      actor: Buffer.from(event.actor),
      actorType: Buffer.from(event.actor_type),
      action: Buffer.from(event.action),
      resourceType: Buffer.from(event.resource_type),
      resourceId: Buffer.from(event.resource_id),
      details: event.details === null ? null : Buffer.from(event.details),
      timestamp: at,
      eventCategory: category === null ? null : Buffer.from(category),
      prevHash: this.newest,
    };
    const rowHash = Buffer.from(recomputeHash(row) ?? '', 'latin1');
    this.newest = rowHash;
    const time = Buffer.allocUnsafe(8);
    time.writeBigInt64BE(at - POSTGRES_EPOCH);
    const details = row.details && Buffer.concat([JSONB_VERSION, row.details]);
    const { id, actor, actorType, action, resourceType, resourceId, eventCategory, prevHash } = row;
    const cells = [id, actor, actorType, action, resourceType, resourceId, details, time, eventCategory];
    return encodeRow([...cells, prevHash, rowHash]);
  }
}
