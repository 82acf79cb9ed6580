import type { Snapshot } from '../snapshot/snapshot.ts';
import { snapshotJson, trailFileOf } from '../snapshot/snapshot-file.ts';
import { copyWhole, isSpecial, writeWhole } from './write-file.ts';

/**
 * Writes a snapshot, and beside it the trail of its rows where that is large; a pipe has nothing beside it.
 * @returns the files written, the snapshot first
 * @throws NoVerdictError where one cannot be written
 */
export async function writeSnapshot(path: string, snapshot: Snapshot): Promise<string[]> {
  const written = [path];
  const held = snapshot.trail?.held;
  if (typeof held === 'string' && !(await isSpecial(path))) {
    await copyWhole(held, trailFileOf(path));
    written.push(trailFileOf(path));
  }
  await writeWhole(path, snapshotJson(snapshot));
  return written;
}
