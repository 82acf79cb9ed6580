import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { firstLine, UsageError } from '../errors.ts';
import type { Snapshot } from './snapshot.ts';

const FORMAT = 'restoreproof.snapshot/v1';

/** A snapshot as JSON. Rows that are kept in memory for a report stay out of it. */
export function snapshotJson(snapshot: Snapshot): string {
  const tables = snapshot.tables.map(({ values: _values, ...table }) => table);
  return `${JSON.stringify({ ...snapshot, tables }, null, 1)}\n`;
}

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
      rows: z.number().int(),
      digest: z.string().regex(/^[0-9a-f]{64}$/),
      block_rows: z.number().int().positive(),
      blocks: z.array(
        z.object({ key: z.string(), rows: z.number().int(), cells: z.array(z.number().int()) }),
      ),
    }),
  ),
  catalog: z.array(z.object({ kind: z.string(), identity: z.string(), definition: z.string() })),
  errors: z.array(z.object({ field: z.string(), sqlstate: z.string(), message: z.string() })),
});

/**
 * Reads what `snapshot --out` wrote.
 * @throws UsageError where the file is missing, not JSON, or not a snapshot of a known format
 */
export async function readSnapshotFile(file: string): Promise<Snapshot> {
  const next = 'make one with `restoreproof snapshot --url … --out FILE`';
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError({ what: `the snapshot ${file} cannot be read`, why: firstLine(cause), next, cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError({ what: `${file} is not JSON`, why: firstLine(cause), next, cause });
  }
  const read = fields.safeParse(json);
  if (read.success) return read.data as Snapshot;
  const [issue] = read.error.issues;
  const why = `${issue?.path.join('.') || 'the file'}: ${issue?.message}`;
  throw new UsageError({ what: `${file} is not a snapshot (${FORMAT})`, why, next });
}
