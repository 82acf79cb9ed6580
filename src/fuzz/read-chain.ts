import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import { copyRows } from '../postgres/copy-binary.ts';
import type { Subject } from '../subject/subject.ts';

/** A chain as the database keeps it. */
export interface StoredChain {
  /** The rows' hashes in the verifier's order. */
  readonly hashes: readonly string[];
  readonly head: string | null;
}

/** Reads the hashes of all events and the head, in one moment. */
export async function readChain(settings: ConnectionSettings, subject: Subject): Promise<StoredChain> {
  await using connection = await connect(settings);
  await connection.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const hashes: string[] = [];
  for await (const batch of copyRows(connection, subject.hashesQuery)) {
    hashes.push(...batch.map(([hash]) => hash?.toString('latin1') ?? ''));
  }
  const { rows } = await connection.query<[string]>({ text: subject.headQuery, rowMode: 'array' });
  await connection.query('COMMIT');
  return { hashes, head: rows[0]?.[0] ?? null };
}
