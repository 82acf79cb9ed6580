import { existsSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeIntoDirectory } from '../make-directory.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import type { Terminal } from './terminal.ts';
import { unwritten } from './write-file.ts';
import { writeSnapshot } from './write-snapshot.ts';

const outputs = (stage: string): string[] => [`${stage}.stdout`, `${stage}.stderr`];

/** What pg_dump left, or the dump command of a pipeline, and what the commands printed. */
const DUMPED = ['audit.dump', 'dump', ...['dump', 'wipe', 'restore'].flatMap(outputs)];

/**
 * Keeps the snapshots of a trial and what its tools left, all of it or nothing.
 * @param kept the place to keep it in: new, or an empty directory
 * @param directory where the tools left it
 * @throws NoVerdictError where it cannot be kept
 */
export async function keepTrial(
  kept: string,
  directory: string,
  { source, restored }: TrialResult,
  { say }: Terminal,
): Promise<void> {
  // A trial that did not come as far as the dump leaves none.
  const dumped = DUMPED.filter((name) => existsSync(join(directory, name)));
  const files: string[] = [];
  try {
    await writeIntoDirectory(kept, async () => {
      try {
        files.push(...(await writeSnapshot(join(kept, 'pre.json'), source)));
        if (restored) files.push(...(await writeSnapshot(join(kept, 'post.json'), restored)));
        for (const name of dumped) await cp(join(directory, name), join(kept, name), { recursive: true });
      } catch (error) {
        for (const name of await readdir(kept)) await rm(join(kept, name), { recursive: true });
        throw error;
      }
    });
  } catch (cause) {
    throw unwritten(`the trial cannot be kept in ${kept}`, cause);
  }
  say(`kept in ${kept}: ${[...files, ...dumped].map((file) => basename(file)).join(', ')}`);
}
