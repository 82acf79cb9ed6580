import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Installation } from './installations.ts';
import { readOsRelease } from './os-release.ts';
import { openTree } from './package-tree.ts';

/** Where a command's variables are read from; `process.env` has this shape. */
export type Environment = Readonly<Partial<Record<string, string>>>;

/** Written into a tree as its last file; without it, or with another number in it, a tree counts for nothing. */
const MARKER = 'restoreproof-cache.json';
const FORMAT = 1;

/** A build directory this old belongs to a run that was killed. */
const STALE_MILLISECONDS = 24 * 60 * 60 * 1000;

/**
 * The directory that trees of unpacked packages are kept in: `$XDG_CACHE_HOME/restoreproof`, by default
 * `~/.cache/restoreproof`.
 *
 * Root cannot run a PostgreSQL server and lends the programs to another user, who must be able to enter
 * every directory above them; root's home is closed. So for root it is `$XDG_CACHE_HOME/restoreproof` only
 * where others may enter that, and `/var/cache/restoreproof` otherwise.
 */
export async function cacheDirectory(
  environment: Environment,
  root = process.getuid?.() === 0,
): Promise<string> {
  const xdg = environment['XDG_CACHE_HOME'];
  // The XDG base directory specification has relative paths ignored.
  const given = xdg !== undefined && isAbsolute(xdg) ? xdg : undefined;
  if (root) {
    return join(
      given !== undefined && (await enterableByOthers(given)) ? given : '/var/cache',
      'restoreproof',
    );
  }
  return join(given ?? join(environment['HOME'] ?? homedir(), '.cache'), 'restoreproof');
}

/** The tree for this machine: packages of another release or processor would not find their libraries. */
export async function treeDirectory(environment: Environment): Promise<string> {
  const release = await readOsRelease();
  const name = [release['ID'] ?? process.platform, release['VERSION_ID'] ?? 'rolling', process.arch].join(
    '-',
  );
  return join(await cacheDirectory(environment), name.replaceAll(/[^\w.-]/g, '_'));
}

/**
 * The PostgreSQL that an earlier run fetched, or undefined where there is none: no complete tree, one that
 * belongs to another user, or one whose programs no longer start (a system library was removed since).
 */
export async function cachedInstallation(
  environment: Environment = process.env,
): Promise<Installation | undefined> {
  return completeTree(await treeDirectory(environment));
}

/** A directory to build a tree in, beside its final place, so that it can be renamed. Removed by the caller. */
export async function buildDirectory(cache: string): Promise<string> {
  const first = await mkdir(cache, { recursive: true });
  // Whatever the umask says, the user that root's server runs as must get through what was just made.
  if (first !== undefined && process.getuid?.() === 0) await openUpTo(first, cache);
  await removeStale(cache);
  const directory = await mkdtemp(join(cache, '.fetching-'));
  await chmod(directory, 0o755);
  return directory;
}

/**
 * Marks a finished tree as complete and moves it to its place in one step. Where a concurrent run was faster
 * its tree stays and ours is left behind; an incomplete tree is moved aside, into the build directory.
 */
export async function publishTree(built: string, tree: string): Promise<void> {
  await writeFile(join(built, MARKER), JSON.stringify({ format: FORMAT, fetched: new Date().toISOString() }));
  const aside = await mkdtemp(join(dirname(built), 'replaced-'));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(built, tree);
    } catch (error) {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST') || attempt === 5) throw error;
    }
    if (await completeTree(tree)) return;
    await rename(tree, join(aside, String(attempt))).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
  }
}

/** True for a system error with one of the codes (`ENOENT`, `ENOSPC`, …). */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

async function completeTree(tree: string): Promise<Installation | undefined> {
  try {
    const { uid } = await lstat(tree);
    // In a directory shared with others, their programs are not ours to run.
    if (uid !== 0 && uid !== process.getuid?.()) return undefined;
    const marker: unknown = JSON.parse(await readFile(join(tree, MARKER), 'utf8'));
    const known =
      typeof marker === 'object' && marker !== null && 'format' in marker && marker.format === FORMAT;
    return known ? await openTree(tree) : undefined;
  } catch {
    return undefined;
  }
}

async function enterableByOthers(directory: string): Promise<boolean> {
  for (let at = directory; ; at = dirname(at)) {
    const mode = await stat(at).then(
      (found) => found.mode,
      () => undefined,
    );
    if (mode !== undefined && (mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function openUpTo(first: string, last: string): Promise<void> {
  for (let at = last; at.length >= first.length; at = dirname(at)) await chmod(at, 0o755);
}

async function removeStale(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith('.fetching-')) continue;
    const made = await stat(join(cache, name)).catch(() => undefined);
    if (!made || Date.now() - made.mtimeMs < STALE_MILLISECONDS) continue;
    await rm(join(cache, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}
