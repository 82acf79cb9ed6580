import { chmod, chown, lstat, mkdir, mkdtemp, readFile, readdir, readlink, realpath } from 'node:fs/promises';
import { rename, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NoVerdictError, UsageError, firstLine } from '../errors.ts';
import { describeProcess, isAlive, ps, readIdentity, startOf, writtenIdentity } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** Numeric user and group of an operating-system account. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A private directory that goes away when disposed of, or with the next sweep after its process died. */
export interface ThrowawayDirectory extends AsyncDisposable {
  /** Absolute path, without symbolic links. Only this process's user writes here. */
  readonly path: string;
  /** As whom the server has to run; undefined where that is the user of this process. */
  readonly account: Account | undefined;
  /** The part that belongs to the account the server runs as; its socket goes here. */
  readonly serverDirectory: string;
  /** Where the server's cluster belongs (not created), so that a sweep finds a server left behind. */
  readonly dataDirectory: string;
  /** From now on it belongs to another process, with whose end a sweep may remove it. */
  handOver(pid: number): Promise<void>;
}

const PREFIX = 'restoreproof-';
const OWNER_FILE = 'owner';
/** sun_path holds 104 bytes on macOS and BSD, 108 on Linux, with the closing zero. */
const LONGEST_SOCKET_PATH = 103;
/** Between mkdtemp and the owner file a directory has no owner; no process takes this long for it. */
const OWNERLESS_MILLISECONDS = 10 * 60 * 1000;
/** The postmaster itself gives its children 5 s after SIGQUIT before it kills them (SIGKILL_CHILDREN_AFTER_SECS). */
const QUIT_MILLISECONDS = 7_000;
const KILL_MILLISECONDS = 2_000;

/**
 * Creates a directory that nobody else can enter: mode 0700. Under root it is 0710 with the group of the account
 * the server runs as (`postgres` or else `nobody`), and `serverDirectory` has mode 0700 and belongs to that account.
 * It is in the temporary directory of the system, or in /tmp where a socket's path would become too
 * long, or where that account could not enter it.
 *
 * @param expectedBytes of what is to be written there; with much of it, memory is no place
 * @throws UsageError under root, where there is no account for the server
 * @throws NoVerdictError where it cannot be created
 */
export async function openThrowawayDirectory(expectedBytes = 0): Promise<ThrowawayDirectory> {
  const account = await serverAccount();
  let created: string | undefined;
  try {
    const path = await mkdtemp(join(await placeFor(account, expectedBytes), PREFIX));
    created = path;
    await writeOwner(path, await describeProcess(process.pid));
    const parts = partsOf(path);
    await mkdir(parts.serverDirectory, { mode: 0o700 });
    if (account) {
      await chown(parts.serverDirectory, account.uid, account.gid);
      await chown(path, -1, account.gid);
      await chmod(path, 0o710);
    }
    return {
      path,
      account,
      ...parts,
      handOver: async (pid) => writeOwner(path, await describeProcess(pid)),
      [Symbol.asyncDispose]: () => remove(path),
    };
  } catch (error) {
    if (created !== undefined) await remove(created);
    throw new NoVerdictError({
      what: 'no throwaway directory could be created',
      why: firstLine(error),
      next: 'free some space in the temporary directory, or set TMPDIR to one that can be written to',
      cause: error,
    });
  }
}

/** A new directory inside of one that is private already. */
export async function openPart(directory: string): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(directory, 'part-'));
  return { path, [Symbol.asyncDispose]: () => remove(path) };
}

/**
 * Removes the throwaway directories whose process is dead, after stopping the servers left in them.
 * Directories of living processes, of other users and of other process namespaces are left alone.
 * What cannot be removed now is left for the next sweep; nothing is thrown.
 *
 * @returns the paths that were removed
 */
export async function sweepThrowawayDirectories(): Promise<string[]> {
  // Also where TMPDIR may have pointed for an earlier run.
  const usual = [tmpdir(), '/tmp', MEMORY];
  const places = new Set(await Promise.all(usual.map((place) => realpath(place).catch(() => place))));
  const removed: string[] = [];
  for (const place of places) {
    const names = await readdir(place).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(PREFIX))) {
      const path = join(place, name);
      if (await sweep(path).catch(() => false)) removed.push(path);
    }
  }
  return removed;
}

async function sweep(path: string): Promise<boolean> {
  // The place is writable for everyone: only a true directory of our own, closed to others, can be believed.
  const found = await lstat(path);
  if (!found.isDirectory() || found.uid !== process.geteuid?.() || (found.mode & 0o027) !== 0) return false;
  const owner = await readOwner(path);
  const abandoned = owner ? !(await isAlive(owner)) : Date.now() - found.ctimeMs > OWNERLESS_MILLISECONDS;
  if (!abandoned) return false;
  if (!(await stopServerLeftIn(path))) return false;
  await remove(path);
  return true;
}

const MEMORY = '/dev/shm';
const TMPFS = 0x01021994;
const ENOUGH_BYTES = 2 * 1024 ** 3;
/** What a compressed dump of that many bytes becomes fits into what is enough. */
const MANY_BYTES = ENOUGH_BYTES / 32;

/** Whether what becomes of a dump of that many bytes may be in memory. */
export function suitsMemory(expectedBytes: number): boolean {
  return expectedBytes <= MANY_BYTES;
}

/**
 * The temporary directory, or memory where the user named none and there is plenty: a database is hundreds of
 * small files, and disk file systems take many times as long to create and delete them.
 */
async function temporaryDirectory(expectedBytes: number): Promise<string> {
  const named = process.env['TMPDIR'] !== undefined;
  if (named || !suitsMemory(expectedBytes) || process.availableMemory() < 2 * ENOUGH_BYTES)
    return realpath(tmpdir());
  const memory = await statfs(MEMORY).catch(() => undefined);
  const roomy = memory?.type === TMPFS && memory.bavail * memory.bsize >= ENOUGH_BYTES;
  return realpath(roomy ? MEMORY : tmpdir());
}

async function placeFor(account: Account | undefined, expectedBytes: number): Promise<string> {
  const place = await temporaryDirectory(expectedBytes);
  const socket = join(partsOf(join(place, `${PREFIX}XXXXXX`)).serverDirectory, '.s.PGSQL.5432');
  const fits = Buffer.byteLength(socket) <= LONGEST_SOCKET_PATH;
  // libpq takes a comma in PGHOST for the end of a host.
  const suits = fits && !place.includes(',') && (!account || (await isOpenToAll(place)));
  return suits ? place : realpath('/tmp');
}

async function isOpenToAll(directory: string): Promise<boolean> {
  if (((await lstat(directory)).mode & 0o001) === 0) return false;
  return dirname(directory) === directory || isOpenToAll(dirname(directory));
}

/** Undefined for the caller itself; another account where the caller is root, because PostgreSQL refuses root. */
async function serverAccount(): Promise<Account | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  // passwd(5): name, password, uid, gid, …
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  const entries = new Map(lines.map((line) => line.split(':')).map((fields) => [fields[0], fields]));
  const entry = entries.get('postgres') ?? entries.get('nobody');
  const [uid, gid] = [Number(entry?.[2]), Number(entry?.[3])];
  // Darwin writes nobody as -2.
  if (uid !== 0 && Number.isInteger(uid) && Number.isInteger(gid)) return { uid: uid >>> 0, gid: gid >>> 0 };
  throw new UsageError({
    what: 'no throwaway server can be started by root',
    why: 'PostgreSQL refuses to run as root, and /etc/passwd has neither postgres nor nobody',
    next: 'run restoreproof as another user',
  });
}

function partsOf(path: string): Pick<ThrowawayDirectory, 'serverDirectory' | 'dataDirectory'> {
  return { serverDirectory: join(path, 'server'), dataDirectory: join(path, 'server', 'data') };
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

async function writeOwner(path: string, owner: ProcessIdentity): Promise<void> {
  // A half-written file must never be read as an owner.
  const draft = join(path, `${OWNER_FILE}.draft`);
  await writeFile(draft, writtenIdentity(owner), { mode: 0o600 });
  await rename(draft, join(path, OWNER_FILE));
}

async function readOwner(path: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(join(path, OWNER_FILE), 'utf8').catch(() => '');
  return readIdentity(text);
}

/** Stops the server of a directory whose process is dead; true when none runs there any more. */
async function stopServerLeftIn(path: string): Promise<boolean> {
  const { serverDirectory, dataDirectory } = partsOf(path);
  const pid = await postmasterOf(dataDirectory);
  if (pid === undefined) return true;
  const started = await startOf(pid);
  if (started === undefined || !(await isServerOf(pid, serverDirectory, dataDirectory))) return true;
  for (const [signal, patience] of [
    ['SIGQUIT', QUIT_MILLISECONDS],
    ['SIGKILL', KILL_MILLISECONDS],
  ] as const) {
    process.kill(pid, signal);
    for (const until = Date.now() + patience; Date.now() < until; await sleep(10)) {
      if ((await startOf(pid)) !== started) return true;
    }
  }
  return false;
}

/** The first line of postmaster.pid is the server's process number; a standalone backend writes it negative. */
async function postmasterOf(dataDirectory: string): Promise<number | undefined> {
  const text = await readFile(join(dataDirectory, 'postmaster.pid'), 'latin1').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return pid > 1 ? pid : undefined;
}

/** The number in postmaster.pid may belong to another process by now: the server works in its data directory. */
async function isServerOf(pid: number, serverDirectory: string, dataDirectory: string): Promise<boolean> {
  const { uid } = await lstat(serverDirectory);
  if (process.platform !== 'linux') {
    const [user = '', ...command] = (await ps(pid, ['uid=', 'command='])).trim().split(/\s+/);
    return Number(user) === uid && command.join(' ').includes(dataDirectory);
  }
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  return cwd === dataDirectory && (await lstat(`/proc/${pid}`)).uid === uid;
}
