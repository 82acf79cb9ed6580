import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, lstat, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NoVerdictError, RestoreproofError, UsageError, firstLine } from '../errors.ts';
import { localClientTools } from './local-tools.ts';
import { connect, type ConnectionSettings } from './connection.ts';
import type { AnotherServer, Engine } from './engine.ts';
import type { Installation } from './installations.ts';
import { signalGroup } from './process-group.ts';
import { failure, startProgram, type ServerRun } from './server-program.ts';
import { openThrowawayDirectory, sweepThrowawayDirectories } from './throwaway-directory.ts';
import type { ThrowawayDirectory } from './throwaway-directory.ts';
import {
  CLUSTER_DATABASE,
  CLUSTER_PORT,
  CLUSTER_SUPERUSER,
  initdbAttempts,
  refusesLocale,
  serverArguments,
  socketDirectories,
} from './throwaway-cluster.ts';
import { parseVersion, type Version } from './version.ts';

export interface LocalEngineOptions {
  readonly installation: Installation;
  /** Gives up while the server is being started; nothing is left behind then. */
  readonly signal?: AbortSignal | undefined;
  /** Settings by their names in postgresql.conf; they win over our own. */
  readonly serverOptions?: Readonly<Record<string, string>> | undefined;
  /** Further options of initdb. */
  readonly initdbOptions?: readonly string[] | undefined;
  /** The size of a dump that is to be restored there; absent: little. */
  readonly expectedBytes?: number | undefined;
}

/** A throwaway server that may be ill-treated. */
export interface LocalEngine extends Engine {
  /** The postmaster's process number; another one after a restart. */
  readonly pid: number | undefined;
  /** Stops the server at once, without a checkpoint, starts it again, and returns when it takes connections. */
  restart(): Promise<void>;
}

const START_MILLISECONDS = 60_000;
const STOP_MILLISECONDS = 7_000;
const POLL_MILLISECONDS = 3;

/**
 * Makes a new cluster in a throwaway directory and starts a server on it that listens on a Unix socket only.
 * The superuser is `postgres` without password, the encoding UTF8, the locale C.UTF-8 or else C.
 * Run by root, the server runs as `postgres` or else `nobody`, because PostgreSQL refuses root.
 * Servers that earlier runs left behind are stopped first. Disposal stops the server and removes its directory.
 *
 * @throws UsageError where the installation or the options do not allow a server
 * @throws NoVerdictError where initdb or the server fails
 * @throws the signal's reason where it is aborted meanwhile
 */
export async function openLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> {
  const { installation, signal } = options;
  signal?.throwIfAborted();
  requireServerPrograms(installation);
  await sweepThrowawayDirectories();
  const directory = await openThrowawayDirectory(options.expectedBytes);
  let server: Server | undefined;
  try {
    signal?.throwIfAborted();
    const run: ServerRun & LocalEngineOptions = { ...options, directory };
    await initializeCluster(run);
    server = await startServer(run);
    const serverVersion = await untilUsable(run, server);
    return engineOf(run, server, serverVersion);
  } catch (error) {
    await server?.stop();
    await directory[Symbol.asyncDispose]();
    throw error;
  }
}

interface Server {
  readonly child: ChildProcess;
  readonly logFile: string;
  stop(): Promise<void>;
  /** Its process number; it does not end with this process any more. */
  letGo(): number;
}

function engineOf(run: ServerRun & LocalEngineOptions, started: Server, serverVersion: Version): LocalEngine {
  const { installation, directory, expectedBytes } = run;
  let server = started;
  let kept = false;
  return {
    kind: 'local',
    description: `PostgreSQL ${serverVersion.text} (throwaway server, ${installation.directory})`,
    serverVersion,
    tools: localClientTools(installation.directory, installation.version, installation.libraryPath),
    throwaway: true,
    maintenanceDatabase: CLUSTER_DATABASE,
    openDirectory: () => openThrowawayDirectory(expectedBytes),
    connectionTo: (database) => settingsFor(directory, database),
    get pid() {
      return server.child.pid;
    },
    restart: async () => {
      await server.stop();
      server = await startServer(run);
      await untilUsable(run, server);
    },
    another: async (serverOptions, signal) => {
      const other = await openLocalEngine({ installation, signal, serverOptions });
      return await withWorkDirectory(other);
    },
    keep: async () => {
      const pid = server.letGo();
      await directory.handOver(pid);
      kept = true;
      const end = `kill -QUIT ${pid} && sleep 1 && rm -r ${directory.path}`;
      return { host: directory.serverDirectory, port: CLUSTER_PORT, end };
    },
    [Symbol.asyncDispose]: async () => {
      if (kept) return;
      await server.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** PostgreSQL's programs refuse root: what is run beside the server is run as its account, in a directory of that. */
async function withWorkDirectory(server: LocalEngine): Promise<AnotherServer> {
  try {
    // That of the socket is the account's.
    const { host } = server.connectionTo(CLUSTER_DATABASE);
    const { uid, gid } = await lstat(host);
    const directory = join(host, 'work');
    await mkdir(directory, { mode: 0o700 });
    await chown(directory, uid, gid);
    const account = uid === process.geteuid?.() ? undefined : { uid, gid };
    return { ...server, directory, account };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function settingsFor(directory: ThrowawayDirectory, database: string): ConnectionSettings {
  return { host: directory.serverDirectory, port: CLUSTER_PORT, user: CLUSTER_SUPERUSER, database };
}

function requireServerPrograms({ directory, missing }: Installation): void {
  const lacking = missing.filter((program) => program === 'initdb' || program === 'postgres');
  if (lacking.length === 0) return;
  throw new UsageError({
    what: `no throwaway server can be started from ${directory}`,
    why: `it has no ${lacking.join(' and no ')}`,
    next: 'install the server package too, or give --pg-bin DIR of an installation that has it',
  });
}

async function initializeCluster(run: ServerRun): Promise<void> {
  const { installation, directory, signal } = run;
  let output = '';
  for (const attempt of initdbAttempts(directory.dataDirectory, installation.version)) {
    const argv = [...attempt, ...(run.initdbOptions ?? [])];
    const child = await startProgram(run, 'initdb', argv, ['ignore', 'pipe', 'pipe']);
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    // Not its group: its backends end at the end of their input, and only then give their shared memory back.
    const abort = (): void => void child.kill('SIGKILL');
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    // `close` comes when they have ended too, since they hold its output.
    await once(child, 'close').finally(() => signal?.removeEventListener('abort', abort));
    signal?.throwIfAborted();
    if (child.exitCode === 0) return;
    output = Buffer.concat(chunks).toString();
    if (!refusesLocale(output)) break;
  }
  throw failure(run, 'initdb could not make a cluster', output);
}

async function startServer(run: ServerRun): Promise<Server> {
  const { dataDirectory, serverDirectory, path } = run.directory;
  const socket = { unix_socket_directories: socketDirectories(serverDirectory) };
  const argv = serverArguments(dataDirectory, { ...socket, ...run.serverOptions });
  const logFile = join(path, 'server.log');
  const log = await open(logFile, 'a');
  try {
    return serverOf(await startProgram(run, 'postgres', argv, ['ignore', log.fd, log.fd]), logFile);
  } finally {
    await log.close();
  }
}

function serverOf(child: ChildProcess, logFile: string): Server {
  // An engine that nobody disposed of must not keep this process alive; the next sweep removes what stays.
  child.unref();
  const atExit = (): void => void child.kill('SIGQUIT');
  process.once('exit', atExit);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async (): Promise<void> => {
    child.ref();
    // Immediate shutdown: what is in memory is not worth writing.
    child.kill('SIGQUIT');
    const killing = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), STOP_MILLISECONDS);
    await ended;
    clearTimeout(killing);
    process.off('exit', atExit);
  };
  const letGo = (): number => {
    process.off('exit', atExit);
    return child.pid ?? 0;
  };
  return { child, logFile, stop, letGo };
}

/** Waits until the server takes connections; the version is the one it says itself. */
async function untilUsable(run: ServerRun, { child, logFile }: Server): Promise<Version> {
  const { directory, signal } = run;
  const pidFile = join(directory.dataDirectory, 'postmaster.pid');
  for (const until = Date.now() + START_MILLISECONDS; Date.now() < until; await sleep(POLL_MILLISECONDS)) {
    signal?.throwIfAborted();
    if (child.exitCode !== null || child.signalCode !== null) {
      throw failure(run, 'the throwaway server ended while starting', await readFile(logFile, 'utf8'));
    }
    // The eighth line is the state (pidfile.h); reading it is cheaper than connections that are refused.
    const state = (await readFile(pidFile, 'latin1').catch(() => '')).split('\n')[7]?.trim();
    if (state === 'ready') return askVersion(settingsFor(directory, CLUSTER_DATABASE), run.installation);
  }
  throw failure(
    run,
    `the throwaway server was not ready within ${START_MILLISECONDS / 1000} s`,
    await readFile(logFile, 'utf8'),
  );
}

async function askVersion(settings: ConnectionSettings, installation: Installation): Promise<Version> {
  try {
    await using connection = await connect(settings);
    const { rows } = await connection.query<{ server_version: string }>('SHOW server_version');
    return parseVersion(rows[0]?.server_version ?? '') ?? installation.version;
  } catch (error) {
    if (error instanceof RestoreproofError) throw error;
    throw new NoVerdictError({
      what: 'the throwaway server does not take connections',
      why: firstLine(error),
      next: 'run `restoreproof doctor` to see which installations are usable',
      cause: error,
    });
  }
}
