import { mkdir, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it, as far as they are missing.
 *
 * Not by mkdir's `recursive`, which never returns where the file system says ENOENT to every new name, as /proc does.
 * @returns those that were made, the innermost first
 * @throws the system's error
 */
export async function makeDirectory(path: string, mode = 0o777): Promise<string[]> {
  try {
    await mkdir(path, mode);
    return [path];
  } catch (error) {
    if (await isDirectory(path)) return [];
    const above = dirname(path);
    if (above === path || (await isDirectory(above))) throw error;
    const made = await makeDirectory(above, mode);
    await orUnmake(made, () => mkdir(path, mode));
    return [path, ...made];
  }
}

/** Makes a directory for what is written into it; where that fails, no empty directory is left that was made for it. */
export async function writeIntoDirectory(path: string, write: () => Promise<void>): Promise<void> {
  await orUnmake(await makeDirectory(path), write);
}

async function orUnmake(made: readonly string[], act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    for (const each of made) await rmdir(each).catch(() => undefined);
    throw error;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
