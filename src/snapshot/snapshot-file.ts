import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { firstLine, UsageError } from '../errors.ts';
import { describeIssue, readJson } from '../text/json-document.ts';
import type { RowTrail } from './row-trail.ts';
import type { Snapshot } from './snapshot.ts';

const FORMAT = 'restoreproof.snapshot/v1';

/** Where the row trail of a snapshot is that is too large for the snapshot itself. */
export function trailFileOf(snapshotFile: string): string {
  return `${snapshotFile}.rows`;
}

/** A snapshot as JSON. Rows that are kept in memory for a report stay out of it, and so does a large row trail. */
export function snapshotJson(snapshot: Snapshot): string {
  const { trail, ...rest } = snapshot;
  const tables = snapshot.tables.map(({ values: _values, ...table }) => table);
  return `${JSON.stringify({ ...rest, tables, row_trail: trail ? trailJson(trail) : null }, null, 1)}\n`;
}

function trailJson({ bytes, digest, held }: RowTrail): Record<string, unknown> {
  return { bytes, digest, base64: typeof held === 'string' ? null : held.toString('base64') };
}

const count = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const fields = z.object({
  format: z.literal(FORMAT),
  phase: z.string(),
  taken_at: z.string(),
  server_version: z.string(),
  encoding: z.string(),
  collation: z.string(),
  row_count: z.number().int().nullable(),
  chain_head_hash: z.string().nullable(),
  first_break_id: z.string().nullable(),
  first_break_pos: z.number().int().nullable(),
  verifier_walked: z.number().int().nullable(),
  recomputed: z
    .object({ rows: z.number().int(), tail: z.string().nullable(), fault: z.string().nullable() })
    .nullable(),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), as_text: z.boolean() })),
      key: z.array(z.string()),
      rows: count,
      digest: sha256.nullable(),
      unreadable: z.object({ sqlstate: z.string(), message: z.string() }).optional(),
      trail_from: count,
      trail_to: count,
    }),
  ),
  row_trail: z.object({ bytes: count, digest: sha256, base64: z.string().nullable() }).nullable(),
  catalog: z.array(z.object({ kind: z.string(), identity: z.string(), definition: z.string() })),
  errors: z.array(z.object({ field: z.string(), sqlstate: z.string(), message: z.string() })),
});

/**
 * Reads what `snapshot --out` wrote. Without its file of rows, or with that of another snapshot, it has no trail.
 * @throws UsageError where the file is missing, not JSON, or not a snapshot of a known format
 */
export async function readSnapshotFile(file: string): Promise<Snapshot> {
  const next = 'make one with `restoreproof snapshot --url … --out FILE`';
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError({ what: `the snapshot ${file} cannot be read`, why: firstLine(cause), next, cause });
  });
  const read = readJson(text);
  if ('fault' in read) throw new UsageError({ what: `${file} is not JSON`, why: read.fault, next });
  const parsed = fields.safeParse(read.value);
  if (!parsed.success) {
    const why = describeIssue(parsed.error, 'the file');
    throw new UsageError({ what: `${file} is not a snapshot (${FORMAT})`, why, next });
  }
  const { row_trail: trail, ...rest } = parsed.data;
  return { ...(rest as Snapshot), trail: trail ? await findTrail(trail, file) : undefined };
}

async function findTrail(
  { bytes, digest, base64 }: { bytes: number; digest: string; base64: string | null },
  snapshotFile: string,
): Promise<RowTrail | undefined> {
  const held = base64 === null ? trailFileOf(snapshotFile) : Buffer.from(base64, 'base64');
  const found = await digestOf(held).catch(() => undefined);
  return found === digest ? { bytes, digest, held } : undefined;
}

/** @throws the system's error where a file cannot be read */
async function digestOf(held: RowTrail['held']): Promise<string> {
  const hash = createHash('sha256');
  if (typeof held !== 'string') return hash.update(held).digest('hex');
  for await (const chunk of createReadStream(held)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
