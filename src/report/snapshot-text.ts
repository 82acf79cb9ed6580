import type { Snapshot } from '../snapshot/snapshot.ts';
import { describeRefusal } from '../text/refusal.ts';
import { describeVerifierAnswer } from '../text/verifier.ts';

/** A snapshot in a few lines. */
export function describeSnapshot(snapshot: Snapshot): string[] {
  const rows = snapshot.tables.reduce((sum, table) => sum + table.rows, 0);
  const { verifier_walked: walked } = snapshot;
  return [
    `server      PostgreSQL ${snapshot.server_version}, ${snapshot.encoding}, ${snapshot.collation}`,
    `taken at    ${snapshot.taken_at}`,
    `events      ${snapshot.row_count ?? 'unreadable'}`,
    `chain head  ${snapshot.chain_head_hash ?? 'unreadable'}`,
    `verifier    ${walked === null ? 'unreadable' : describeVerifierAnswer({ ...snapshot, walked })}`,
    `recomputed  ${describeRecomputed(snapshot)}`,
    ...snapshot.tables.flatMap(({ name, unreadable }) =>
      unreadable ? [`unreadable  the rows of ${name}: ${describeRefusal(unreadable)}`] : [],
    ),
    `tables      ${snapshot.tables.length} with ${rows} rows; ${snapshot.catalog.length} catalog objects`,
  ];
}

function describeRecomputed({ recomputed, errors }: Snapshot): string {
  if (recomputed) return recomputed.fault ?? recomputed.tail ?? 'nothing, as before the first event';
  const unreadable = errors.some(({ field }) => field === 'recomputed');
  return unreadable ? 'unreadable' : 'not known: the subject does not tell what is hashed';
}
