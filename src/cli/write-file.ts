import { createReadStream } from 'node:fs';
import { access, appendFile, constants, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { dirname, resolve } from 'node:path';
import { firstLine, NoVerdictError, UsageError } from '../errors.ts';

/**
 * Writes a file whole or not at all: under a temporary name beside it, flushed, then renamed. A symbolic link stays one.
 * What is no file, such as a pipe or /dev/stdout, is written to as it is.
 * @throws NoVerdictError where it cannot be written, a full disk for one
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    if (await isSpecial(path)) await appendFile(path, text);
    else await replace(await realpath(path).catch(() => path), text);
  } catch (cause) {
    throw new NoVerdictError({ what: `${path} cannot be written`, why: firstLine(cause), cause });
  }
}

/**
 * Copies a file whole or not at all, as `writeWhole` writes one.
 * @throws NoVerdictError where it cannot be written
 */
export async function copyWhole(from: string, path: string): Promise<void> {
  try {
    await replace(await realpath(path).catch(() => path), createReadStream(from));
  } catch (cause) {
    throw new NoVerdictError({ what: `${path} cannot be written`, why: firstLine(cause), cause });
  }
}

/** For the user's own eyes: a snapshot names keys and the schema of a database. */
async function replace(file: string, contents: string | Readable): Promise<void> {
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    const handle = await open(unfinished, 'w', 0o600);
    try {
      await writeFile(handle, contents);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** /dev/stdout may lead to a file, which is not to be replaced under those who hold it open. */
export async function isSpecial(path: string): Promise<boolean> {
  if (/^\/(?:dev\/(?:std|fd\/)|proc\/)/.test(resolve(path))) return true;
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile();
}

/**
 * Says so before the work starts, not after it, where a file cannot be written to its place.
 * @throws UsageError
 */
export async function requireWritablePlace(file: string, option: string): Promise<void> {
  const fault = await faultOfPlace(resolve(file));
  if (fault === undefined) return;
  throw new UsageError({ what: `${option} ${file}: ${fault}`, next: `name another file for ${option}` });
}

async function faultOfPlace(file: string): Promise<string | undefined> {
  const directory = dirname(file);
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) return `the directory ${directory} does not exist`;
  if ((await stat(file).catch(() => undefined))?.isDirectory()) return 'it is a directory';
  if (await isSpecial(file)) return undefined;
  return access(directory, constants.W_OK).then(
    () => undefined,
    () => `the directory ${directory} cannot be written to`,
  );
}
