import { access, constants, rm, statfs } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { firstLine, NoVerdictError, RestoreproofError, UsageError } from '../errors.ts';
import { installAdvice, timeZoneAdvice } from './install-advice.ts';
import type { Installation } from './installations.ts';
import {
  buildDirectory,
  cachedInstallation,
  hasCode,
  publishTree,
  treeDirectory,
  type Environment,
} from './package-cache.ts';
import { openTree } from './package-tree.ts';

/**
 * Lists, packages and tree at their largest: 20, 42 and 135 MB on Debian 12 with nothing else installed; Ubuntu's
 * lists are some 100 MB larger.
 */
const SPACE_BYTES = 400_000_000;

export interface DownloadOptions {
  /** Told one line: what is fetched, into which directory, and its size. */
  readonly say: (line: string) => void;
  /** Stops apt-get; the reason of the signal is thrown, and nothing stays behind. */
  readonly signal?: AbortSignal | undefined;
  /** Where HOME, XDG_CACHE_HOME, PATH and proxy settings are read; `process.env` by default. */
  readonly environment?: Environment | undefined;
  /** Another dpkg status file than the system's, so that a test can have packages not installed. */
  readonly dpkgStatus?: string | undefined;
  /** Another zoneinfo directory to look for, for tests. */
  readonly zoneinfo?: string | undefined;
}

/** True where a distribution's packages can be fetched and unpacked: apt-get, apt-cache and dpkg-deb are in PATH. */
export async function canDownload(environment: Environment = process.env): Promise<boolean> {
  const directories = (environment['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  const found = ['apt-get', 'apt-cache', 'dpkg-deb'].map(async (program) => {
    const tried = directories.map((directory) => access(join(directory, program), constants.X_OK));
    return Promise.any(tried).then(
      () => true,
      () => false,
    );
  });
  return (await Promise.all(found)).every(Boolean);
}

/**
 * Fetches the distribution's PostgreSQL server and client with apt-get into the cache directory, without
 * root and without touching the system, or returns what the cache already holds.
 *
 * Concurrent runs fetch separately; the first one's tree is kept. An interrupted one leaves at most a build
 * directory, which nobody takes for complete and a later run removes.
 *
 * @throws UsageError where there is no apt-get, no writable cache directory or no time zone data
 * @throws NoVerdictError where packages cannot be had: no network, no package lists, disk full
 */
export async function downloadInstallation(options: DownloadOptions): Promise<Installation> {
  const environment = options.environment ?? process.env;
  const cached = await cachedInstallation(environment);
  if (cached) return cached;
  await requireDownload(environment);
  await requireTimeZones(options.zoneinfo ?? '/usr/share/zoneinfo');
  const tree = await treeDirectory(environment);
  try {
    await build(tree, environment, options);
    return await openTree(tree);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error instanceof RestoreproofError ? error : await notWritten(tree, error);
  }
}

async function build(tree: string, environment: Environment, options: DownloadOptions): Promise<void> {
  const directory = await buildDirectory(dirname(tree));
  try {
    await requireSpace(directory);
    const apt = {
      directory,
      dpkgStatus: options.dpkgStatus ?? '/var/lib/dpkg/status',
      environment,
      signal: options.signal,
    };
    // Loaded here: most runs fetch nothing.
    const { fetchPackages, planPackages } = await import('./apt-fetch.ts');
    const plan = await planPackages(apt);
    const megabytes = Math.ceil(plan.bytes / 1_000_000);
    options.say(`fetching PostgreSQL ${plan.major} with apt-get into ${tree} (about ${megabytes} MB)`);
    const built = join(directory, 'tree');
    await fetchPackages(apt, plan, built);
    await openTree(built);
    await publishTree(built, tree);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function requireDownload(environment: Environment): Promise<void> {
  if (await canDownload(environment)) return;
  throw new UsageError({
    what: 'PostgreSQL cannot be fetched on this machine',
    why: 'there is no apt-get with dpkg-deb in PATH',
    next: await installAdvice(),
  });
}

/**
 * Debian's and Ubuntu's servers are built with `--with-system-tzdata=/usr/share/zoneinfo`, an absolute path
 * that neither TZDIR nor a moved program changes; without it even `SET TimeZone = 'UTC'` is refused.
 */
async function requireTimeZones(zoneinfo: string): Promise<void> {
  const found = await access(join(zoneinfo, 'UTC')).then(
    () => true,
    () => false,
  );
  if (found) return;
  throw new UsageError({
    what: "the distribution's PostgreSQL needs the system's time zone data, which is not installed",
    why: `there is no ${join(zoneinfo, 'UTC')}, and the server looks nowhere else`,
    next: `${await timeZoneAdvice()}; then repeat`,
  });
}

/** Checked first, because apt-get does not end on a disk that fills up under its lists. */
async function requireSpace(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= SPACE_BYTES) return;
  throw new NoVerdictError({
    what: `there is too little space to fetch PostgreSQL into ${dirname(directory)}`,
    why: `${Math.floor((bavail * bsize) / 1_000_000)} MB are free, ${SPACE_BYTES / 1_000_000} MB are needed on the way`,
    next: `free some, set XDG_CACHE_HOME to another disk, or ${await installAdvice()}`,
  });
}

async function notWritten(tree: string, cause: unknown): Promise<RestoreproofError> {
  const parts = { what: `PostgreSQL could not be kept in ${tree}`, why: firstLine(cause), cause };
  // Node's recursive mkdir says ENOENT for a read-only file system.
  if (!hasCode(cause, 'EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EEXIST')) {
    return new NoVerdictError({ ...parts, next: await installAdvice() });
  }
  return new UsageError({
    ...parts,
    next: `set XDG_CACHE_HOME to a directory that can be written to, or ${await installAdvice()}`,
  });
}
