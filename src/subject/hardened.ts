import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { packageRoot } from '../package-root.ts';
import { rowsOf, type BinaryRow } from '../postgres/copy-binary.ts';
import { BUILT_IN_NAMES } from './built-in-names.ts';
import { ChainWalk } from './chain-walk.ts';
import type { Subject } from './subject.ts';

/** What is hashed of a row, in this order; texts as UTF-8, whatever the encoding of the database. */
const HASHED = `seq, convert_to(event_id, 'UTF8'), convert_to(who, 'UTF8'), convert_to(who_kind, 'UTF8'),
  convert_to(deed, 'UTF8'), convert_to(object_kind, 'UTF8'), convert_to(object_id, 'UTF8'),
  convert_to(details::text, 'UTF8'), happened_at, convert_to(category, 'UTF8')`;
const CHAIN_COLUMNS = `previous_hash, entry_hash, ${HASHED}`;
/** The number and the time: their binary form has eight bytes, always, and goes without its length. */
const FIXED = new Set([0, 8]);

/** How its trigger refuses. */
const BY_TRIGGER = { sqlstate: 'P0001', by: 'audit_log_refuse' };

/** An audit trail that a restore cannot change the meaning of: `builtin/hardened.sql` says by what. */
export const hardened: Subject = {
  name: BUILT_IN_NAMES[1],
  traits: {
    tables: { events: 'audit_log', head: 'audit_log_head' },
    intake: { limits: {}, categories: ['cert_lifecycle', 'auth', 'config'], infinity: 'stored' },
    order: 'insertion',
    hashes: 'utf8',
    names: 'qualified',
    triggers: 'always',
    firstHead: 'constant',
    extension: undefined,
  },
  parts: {
    tables: {
      'public.audit_log': ['seq', 'event_id', 'who', 'deed', 'happened_at', 'previous_hash', 'entry_hash'],
      'public.audit_log_head': ['events', 'entry_hash'],
    },
    functions: ['public.audit_log_verify()'],
  },
  install: async (connection) => void (await connection.query(await schemaSql())),
  schemaSql,
  writing: {
    table: 'public.audit_log',
    columns: {
      id: 'event_id',
      actor: 'who',
      actor_type: 'who_kind',
      action: 'deed',
      resource_type: 'object_kind',
      resource_id: 'object_id',
      details: 'details',
      timestamp: 'happened_at',
      event_category: 'category',
    },
  },
  recomputes: true,
  countQuery: 'SELECT count(*)::text FROM public.audit_log',
  headQuery: `SELECT encode(entry_hash, 'hex') FROM public.audit_log_head`,
  verifyQuery: `SELECT broken_seq::text AS first_break_id,
    CASE WHEN fault IS NULL THEN -1 ELSE greatest(walked - 1, 0)::integer END AS first_break_pos,
    walked::integer AS row_count FROM public.audit_log_verify()`,
  chainQuery: `SELECT ${CHAIN_COLUMNS} FROM public.audit_log ORDER BY seq`,
  newChainWalk() {
    const walk = new ChainWalk();
    return {
      add: (batch) => {
        for (const row of rowsOf(batch)) {
          const { previous, stored, recomputed } = hashesOf(row);
          const name = (): string => `${row[2]?.readBigInt64BE()}`;
          walk.add({ name, previous: previous ?? '', stored, recomputed });
        }
      },
      finish: () => walk.finish(),
    };
  },
  hashesQuery: `SELECT encode(entry_hash, 'hex') FROM public.audit_log ORDER BY seq`,
  appendQuery: `INSERT INTO public.audit_log
      (event_id, who, who_kind, deed, object_kind, object_id, details, happened_at, category)
    VALUES ('zzzz-restoreproof-append', 'restoreproof', 'system', 'auth.login', 'session', 'append',
      '{"appended": 1.0}', '2026-01-01 00:00:00.000001+00', 'auth') RETURNING ${CHAIN_COLUMNS}`,
  hashesOf,
  concurrent: {
    lock: 'SELECT FROM public.audit_log_head FOR UPDATE',
    append: `INSERT INTO public.audit_log (event_id, who, who_kind, deed, object_kind, object_id)
      VALUES ($1::text, 'writer', 'system', 'certificate.renew', 'certificate', $1::text)`,
  },
  middleIdQuery: `SELECT seq::text FROM public.audit_log ORDER BY seq
    OFFSET (SELECT count(*) / 2 FROM public.audit_log) LIMIT 1`,
  forbidden: {
    UPDATE: 'UPDATE public.audit_log SET who = who WHERE seq::text = $1',
    DELETE: 'DELETE FROM public.audit_log WHERE seq::text = $1',
    TRUNCATE: 'TRUNCATE public.audit_log',
  },
  refuses: { UPDATE: BY_TRIGGER, DELETE: BY_TRIGGER, TRUNCATE: BY_TRIGGER },
  unguardQuery: 'ALTER TABLE public.audit_log DISABLE TRIGGER USER',
  tamperQuery: `UPDATE public.audit_log SET
      deed = CASE WHEN ascii(deed) BETWEEN 32 AND 126
        THEN overlay(deed PLACING chr(ascii(deed) # 1) FROM 1 FOR 1) ELSE deed END,
      entry_hash = CASE WHEN ascii(deed) BETWEEN 32 AND 126
        THEN entry_hash ELSE set_bit(entry_hash, 0, 1 - get_bit(entry_hash, 0)) END
    WHERE seq::text = $1`,
};

function schemaSql(): Promise<string> {
  return readFile(`${packageRoot}src/subject/builtin/hardened.sql`, 'utf8');
}

function hashesOf([previous, stored, ...fields]: BinaryRow) {
  const before = previous ?? null;
  return {
    previous: before === null || before.length === 0 ? null : before.toString('hex'),
    stored: stored?.toString('hex') ?? '',
    recomputed: recompute(before, fields),
  };
}

/** SHA-256 over the hash before and each field, with its length in four bytes before it; a length of -1 is NULL. */
function recompute(previous: Buffer | null, fields: readonly (Buffer | null)[]): string {
  const hash = createHash('sha256');
  addField(hash, previous);
  for (const [index, field] of fields.entries()) {
    if (FIXED.has(index)) hash.update(field ?? Buffer.alloc(0));
    else addField(hash, field);
  }
  return hash.digest('hex');
}

function addField(hash: ReturnType<typeof createHash>, field: Buffer | null): void {
  const length = Buffer.alloc(4);
  length.writeInt32BE(field?.length ?? -1);
  hash.update(length);
  if (field) hash.update(field);
}
