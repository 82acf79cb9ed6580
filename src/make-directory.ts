import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it, as far as they are missing.
 *
 * Not by mkdir's `recursive`, which never returns where the file system says ENOENT to every new name, as /proc does.
 * @throws the system's error
 */
export async function makeDirectory(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (error) {
    if (await isDirectory(path)) return;
    const above = dirname(path);
    if (above === path || (await isDirectory(above))) throw error;
    await makeDirectory(above, mode);
    await mkdir(path, mode);
  }
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
