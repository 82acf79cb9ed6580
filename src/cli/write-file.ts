import { createReadStream } from 'node:fs';
import { appendFile, mkdtemp, realpath, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { firstLine, NoVerdictError, UsageError } from '../errors.ts';
import { writeIntoDirectory } from '../make-directory.ts';
import { replaceFile, replaceFiles } from '../replace-file.ts';

/**
 * Writes a file whole or not at all, for the user's own eyes: a snapshot names keys and the schema of a database. A
 * symbolic link stays one. What is no file, such as a pipe or /dev/stdout, is written to as it is.
 * @throws NoVerdictError where it cannot be written, a full disk for one
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    if (await isSpecial(path)) await appendFile(path, text);
    else await replaceFile(await behindLinks(path), text);
  } catch (cause) {
    throw unwritten(`${path} cannot be written`, cause);
  }
}

/**
 * Writes files that belong together into a directory, which is made where it is missing: all of them, or none.
 * @param what they are, in a word: `report`
 * @throws NoVerdictError where they cannot be written; what was there before is as it was
 */
export async function writeTogether(
  directory: string,
  what: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await writeIntoDirectory(directory, async () => {
      const places = Object.entries(files).map(
        async ([name, text]) => [await behindLinks(join(directory, name)), text] as const,
      );
      await replaceFiles(new Map(await Promise.all(places)));
    });
  } catch (cause) {
    throw unwritten(`the ${what} cannot be written to ${directory}`, cause);
  }
}

/** The error for what cannot be written. */
export function unwritten(what: string, cause: unknown): NoVerdictError {
  if (cause instanceof NoVerdictError) return cause;
  const next = 'see to the disk and the rights there, or name another place, then run again';
  return new NoVerdictError({ what, why: firstLine(cause), next, cause });
}

async function behindLinks(path: string): Promise<string> {
  return await realpath(path).catch(() => path);
}

/**
 * Copies a file whole or not at all, as `writeWhole` writes one.
 * @throws NoVerdictError where it cannot be written
 */
export async function copyWhole(from: string, path: string): Promise<void> {
  try {
    await replaceFile(await behindLinks(path), createReadStream(from));
  } catch (cause) {
    throw unwritten(`${path} cannot be written`, cause);
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
  requireName(file, option, 'file');
  const fault = await faultOfPlace(resolve(file));
  if (fault === undefined) return;
  throw new UsageError({ what: `${option} ${file}: ${fault}`, next: `name another file for ${option}` });
}

async function faultOfPlace(file: string): Promise<string | undefined> {
  const directory = dirname(file);
  const found = await stat(directory).catch(() => undefined);
  if (!found) return `the directory ${directory} does not exist`;
  if (!found.isDirectory()) return `${directory} is not a directory`;
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) return 'it is a directory';
  if (there && (await isSpecial(file))) return undefined;
  return (await faultOfDirectory(directory)) && `the directory ${directory} cannot be written to`;
}

/** Rights do not tell: root has them everywhere, and /proc takes no file. So one is made there, and taken away. */
async function faultOfDirectory(directory: string): Promise<string | undefined> {
  try {
    await rmdir(await mkdtemp(join(directory, '.restoreproof-')));
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

/**
 * Says so before the work starts where a directory cannot be used or made. Nothing is left of the trial.
 * @throws UsageError
 */
export async function requireDirectoryPlace(directory: string, option: string): Promise<void> {
  const next = `name another directory for ${option}`;
  requireName(directory, option, 'directory');
  const what = `${option} ${directory} cannot be used`;
  for (let at = resolve(directory); ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found && !found.isDirectory()) throw new UsageError({ what, why: `${at} is a file`, next });
    if (!found) continue;
    const why = await faultOfDirectory(at);
    if (why === undefined) return;
    throw new UsageError({ what, why: `nothing can be made in ${at}: ${why}`, next });
  }
}

function requireName(name: string, option: string, kind: 'file' | 'directory'): void {
  if (name !== '') return;
  throw new UsageError({
    what: `${option}: the name is empty`,
    next: `name a ${kind} for ${option}`,
  });
}
