import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file whole or not at all, also where the machine stops meanwhile: under a temporary name in the same
 * directory, flushed, then renamed, and the directory flushed, without which the name may be lost (fsync(2)). What a run
 * that was killed left of the same file goes away.
 *
 * @throws the system's error; nothing is left behind then, and the old file is as it was
 */
export async function replaceFile(file: string, contents: string | Readable, mode = 0o600): Promise<void> {
  await replaceFiles(new Map([[file, contents]]), mode);
}

/** Writes files that belong together, as `replaceFile` does one: none is renamed before all are on the disk. */
export async function replaceFiles(
  files: ReadonlyMap<string, string | Readable>,
  mode = 0o600,
): Promise<void> {
  const unfinished = [...files.keys()].map((file) => [`${file}.${process.pid}.unfinished`, file] as const);
  for (const file of files.keys()) await removeAbandoned(file);
  try {
    for (const [draft, file] of unfinished) await writeFlushed(draft, files.get(file) ?? '', mode);
    for (const [draft, file] of unfinished) await rename(draft, file);
  } catch (error) {
    for (const [draft] of unfinished) await rm(draft, { force: true });
    throw error;
  }
  for (const directory of new Set([...files.keys()].map((file) => dirname(file))))
    await flushDirectory(directory);
}

async function writeFlushed(file: string, contents: string | Readable, mode: number): Promise<void> {
  const handle = await open(file, 'w', mode);
  try {
    await writeFile(handle, contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Some file systems flush no directories, and do not need it. */
async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function removeAbandoned(file: string): Promise<void> {
  const directory = dirname(file);
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(`${basename(file)}.`))) {
    const pid = Number(/\.(\d+)\.unfinished$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isAlive(pid)) await rm(join(directory, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is somebody else's.
    return error instanceof Error && 'code' in error && error.code !== 'ESRCH';
  }
}
