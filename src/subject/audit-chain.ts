import { readFile } from 'node:fs/promises';
import { EVENT_FIELDS } from '../text/event-fields.ts';
import { packageRoot } from '../package-root.ts';
import type { BinaryRow } from '../postgres/copy-binary.ts';
import { POSTGRES_EPOCH, type Microseconds } from '../text/timestamp.ts';
import { AuditChainWalk } from './audit-chain-walk.ts';
import { BUILT_IN_NAMES } from './built-in-names.ts';
import { CHAIN_WRITER_COLUMNS, ChainWriter } from './chain-writer.ts';
import { recomputeHash, type ChainRow } from './chain.ts';
import type { Subject } from './subject.ts';

const CHAIN_COLUMNS = `id::text, actor::text, actor_type::text, action::text, resource_type::text,
  resource_id::text, details::jsonb, "timestamp"::timestamptz, event_category::text, prev_hash::text, row_hash::text`;

/** Columns are called like the fields of an event. */
const fieldsAsColumns = Object.fromEntries(EVENT_FIELDS.map((name) => [name, `"${name}"`])) as Record<
  (typeof EVENT_FIELDS)[number],
  string
>;

/** How its trigger refuses. */
const BY_TRIGGER = { sqlstate: 'P0001', by: 'audit_events_worm' };

/** `audit_events`, its head row and its verifier: built in, or brought by a directory of migrations. */
export const auditChain: Subject = {
  name: BUILT_IN_NAMES[0],
  traits: {
    tables: { events: 'audit_events', head: 'audit_chain_head' },
    intake: {
      limits: { actor: 255, actor_type: 50, action: 255, resource_type: 255, resource_id: 255 },
      categories: ['cert_lifecycle', 'auth', 'config'],
      infinity: 'refused',
    },
    order: 'time',
    hashes: 'server-encoding',
    names: 'search-path',
    triggers: 'origin',
    firstHead: 'timed',
    extension: 'pgcrypto',
  },
  parts: {
    tables: {
      audit_events: [...EVENT_FIELDS, 'prev_hash', 'row_hash'],
      audit_chain_head: ['id', 'row_hash'],
    },
    functions: ['audit_events_verify_chain()'],
  },
  install: async (connection) => void (await connection.query(await schemaSql())),
  schemaSql,
  writing: { table: 'audit_events', columns: fieldsAsColumns },
  loading: {
    table: 'audit_events',
    copyTarget: `audit_events (${CHAIN_WRITER_COLUMNS})`,
    newChain: () => new ChainWriter(),
    setHead: 'UPDATE audit_chain_head SET row_hash = $1, updated_at = now() WHERE id = 1',
  },
  recomputes: true,
  countQuery: 'SELECT count(*)::text FROM audit_events',
  headQuery: 'SELECT row_hash FROM audit_chain_head WHERE id = 1',
  verifyQuery: 'SELECT first_break_id, first_break_pos, row_count FROM audit_events_verify_chain()',
  chainQuery: `SELECT ${CHAIN_COLUMNS} FROM audit_events ORDER BY "timestamp", id COLLATE "C"`,
  hashesQuery: `SELECT row_hash FROM audit_events ORDER BY "timestamp", id COLLATE "C"`,
  newChainWalk: () => new AuditChainWalk(),
  // One microsecond after the newest row, so that the verifier's order puts it last; at the end of time, with it.
  appendQuery: `INSERT INTO audit_events
      (id, actor, actor_type, action, resource_type, resource_id, details, "timestamp", event_category)
    SELECT 'zzzz-restoreproof-append', 'restoreproof', 'system', 'auth.login', 'session', 'append', '{"appended": 1.0}',
      CASE WHEN max("timestamp") >= '294276-12-31 23:59:59.999999+00' THEN max("timestamp")
        ELSE coalesce(max("timestamp") + interval '1 microsecond', '2026-01-01 00:00:00.000001+00') END, 'auth'
    FROM audit_events RETURNING ${CHAIN_COLUMNS}`,
  hashesOf(row) {
    const event = decodeChainRow(row);
    return {
      previous: event.prevHash?.toString('latin1') ?? null,
      stored: event.rowHash.toString('latin1'),
      recomputed: recomputeHash(event),
    };
  },
  concurrent: {
    lock: 'SELECT FROM audit_chain_head WHERE id = 1 FOR UPDATE',
    append: `INSERT INTO audit_events (id, actor, actor_type, action, resource_type, resource_id, "timestamp")
      SELECT $1::text, 'writer', 'system', 'certificate.renew', 'certificate', $1::text,
        greatest(clock_timestamp(), max("timestamp") + interval '1 microsecond') FROM audit_events`,
  },
  middleIdQuery: `SELECT id FROM audit_events ORDER BY "timestamp", id
    OFFSET (SELECT count(*) / 2 FROM audit_events) LIMIT 1`,
  forbidden: {
    UPDATE: 'UPDATE audit_events SET actor = actor WHERE id = $1',
    DELETE: 'DELETE FROM audit_events WHERE id = $1',
    TRUNCATE: 'TRUNCATE audit_events',
  },
  refuses: { UPDATE: BY_TRIGGER, DELETE: BY_TRIGGER },
  unguardQuery: 'ALTER TABLE audit_events DISABLE TRIGGER USER',
  // The lowest bit of a printable ASCII character gives another one, or DEL: valid in every encoding.
  tamperQuery: `UPDATE audit_events SET
      action = CASE WHEN ascii(action) BETWEEN 32 AND 126
        THEN overlay(action PLACING chr(ascii(action) # 1) FROM 1 FOR 1) ELSE action END,
      row_hash = CASE WHEN ascii(action) BETWEEN 32 AND 126
        THEN row_hash ELSE overlay(row_hash PLACING chr(ascii(row_hash) # 1) FROM 1 FOR 1) END
    WHERE id = $1`,
};

function schemaSql(): Promise<string> {
  return readFile(`${packageRoot}src/subject/builtin/audit-chain.sql`, 'utf8');
}

/** A row of `chainQuery` as COPY's binary format gives it. */
export function decodeChainRow(row: BinaryRow): ChainRow {
  const [id, actor, actorType, action, resourceType, resourceId, details, at, category, prevHash, rowHash] =
    row;
  return {
    id: present(id),
    actor: present(actor),
    actorType: present(actorType),
    action: present(action),
    resourceType: present(resourceType),
    resourceId: present(resourceId),
    // jsonb is sent as a version byte and its text (src/backend/utils/adt/jsonb.c, jsonb_send).
    details: details?.subarray(1) ?? null,
    timestamp: decodeTimestamp(present(at)),
    eventCategory: category ?? null,
    prevHash: prevHash ?? null,
    rowHash: present(rowHash),
  };
}

// The largest and smallest int64 stand for infinity and -infinity (src/include/datatype/timestamp.h).
const INFINITE = new Set([2n ** 63n - 1n, -(2n ** 63n)]);

function decodeTimestamp(cell: Buffer): Microseconds | undefined {
  const sincePostgresEpoch = cell.readBigInt64BE();
  return INFINITE.has(sincePostgresEpoch) ? undefined : sincePostgresEpoch + POSTGRES_EPOCH;
}

/** A NULL where the schema forbids it hashes like nothing and so shows as a fault of that row. */
function present(cell: Buffer | null | undefined): Buffer {
  return cell ?? Buffer.alloc(0);
}
