import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerRuntimeClient } from 'testcontainers';
import { firstLine, NoVerdictError } from '../errors.ts';
import { connect, type ConnectionSettings } from './connection.ts';
import { lookInside, requireReadable, SOCKET_INSIDE, startCluster, type Way } from './container-cluster.ts';
import { clientOf, containerRuntime } from './container-runtime.ts';
import { sweepContainers } from './container-sweep.ts';
import { openContainerTools } from './container-tools.ts';
import { openContainer, type Container } from './container.ts';
import type { AnotherServer, Engine, KeptServer } from './engine.ts';
import { requireOneVersion } from './one-version.ts';
import { CLUSTER_DATABASE, CLUSTER_PORT } from './throwaway-cluster.ts';
import {
  openPart,
  openThrowawayDirectory,
  suitsMemory,
  sweepThrowawayDirectories,
} from './throwaway-directory.ts';
import type { ThrowawayDirectory } from './throwaway-directory.ts';
import { parseVersion, type Version } from './version.ts';

export interface ContainerEngineOptions {
  /** Any image with PostgreSQL's server and client programs in its PATH, a user `postgres`, and a shell. */
  readonly image: string;
  readonly signal?: AbortSignal | undefined;
  /** Told in one line what takes a while. */
  readonly say?: ((line: string) => void) | undefined;
  /** A directory of this machine for both sides, which is not removed; absent: the engine's own. */
  readonly shared?: string | undefined;
  /** Files and directories of this machine that its tools are to read, by their absolute paths. */
  readonly reads?: readonly string[] | undefined;
  /** Settings of the server by their names in postgresql.conf; they win over our own. */
  readonly serverOptions?: Readonly<Record<string, string>> | undefined;
  /** Whether it may be kept: then nobody but us removes its container. */
  readonly mayStay?: boolean | undefined;
  /** The size of a dump that is to be restored; absent: little. */
  readonly expectedBytes?: number | undefined;
  /** What else its tools are to reach: servers that are not in containers. */
  readonly reach?: Reach | undefined;
  /** How the harness enters the server; absent: by a socket where both sides share a kernel, else by TCP. */
  readonly enter?: Way | undefined;
}

/** What tools in a container are to reach outside. */
export interface Reach {
  /** Directories of Unix sockets. */
  readonly directories: readonly string[];
  /** Whether there are servers on TCP. */
  readonly network: boolean;
}

type ContainerEngine = Engine & Pick<AnotherServer, 'account'>;

/**
 * Starts a container and in it a new cluster with a server; client tools run there, too. Nothing but a Docker engine
 * has to be on this machine. Containers that earlier runs left behind are removed first.
 *
 * @throws UsageError where no engine answers, or the image cannot be had or used
 * @throws NoVerdictError where the server does not come up
 * @throws the signal's reason where it is aborted meanwhile
 */
export async function openContainerEngine(options: ContainerEngineOptions): Promise<ContainerEngine> {
  options.signal?.throwIfAborted();
  const runtime = await containerRuntime();
  await sweepContainers(runtime);
  await sweepThrowawayDirectories();
  await sayWhatIsFetched(runtime, options);
  const [first, ...others] = options.enter === undefined ? waysToEnter() : [options.enter];
  try {
    return await openBy(first, runtime, options);
  } catch (error) {
    const [other] = others;
    if (other === undefined || !(error instanceof NotEntered)) throw error;
    return await openBy(other, runtime, options);
  }
}

async function sayWhatIsFetched(
  { container }: ContainerRuntimeClient,
  { image, say }: ContainerEngineOptions,
): Promise<void> {
  await container.dockerode
    .getImage(image)
    .inspect()
    .catch(() => say?.(`fetching the image ${image}, once`));
}

/** Docker Desktop's engine is in a virtual machine, through which sockets do not reach. */
function waysToEnter(): [Way, ...Way[]] {
  return process.platform === 'linux' ? ['socket', 'tcp'] : ['tcp'];
}

/** The server is up, and cannot be reached from here. */
class NotEntered extends NoVerdictError {}

async function openBy(
  way: Way,
  runtime: ContainerRuntimeClient,
  options: ContainerEngineOptions,
): Promise<ContainerEngine> {
  const { image, signal, reads = [], mayStay = false, expectedBytes = 0, serverOptions } = options;
  const directory = await openThrowawayDirectory(expectedBytes);
  let container: Container | undefined;
  try {
    const shared = options.shared ?? join(directory.path, 'shared');
    // What is above keeps everybody else out.
    await mkdir(shared, { mode: 0o755, recursive: true });
    const own = await mkdtemp(join(shared, 'container-'));
    await chmod(own, 0o755);
    const directories = [shared, ...(options.reach?.directories ?? [])];
    const network = way === 'tcp' ? { port: CLUSTER_PORT } : options.reach?.network ? 'host' : 'none';
    const inMemory = suitsMemory(expectedBytes);
    const storage = { directories, reads, inMemory };
    const reaped = !mayStay;
    const opened = await openContainer({ runtime, image, ...storage, network, reaped, signal });
    container = opened;
    const contents = await lookInside(opened, own);
    await requireReadable(opened, contents.user, reads);
    const tools = await openContainerTools({ ...contents, container: opened, orders: join(own, 'orders') });
    await requireOneVersion(tools);
    const cluster = { image: contents, shared: own, way, serverOptions, signal };
    const settings = await startCluster({ container: opened, ...cluster });
    const serverVersion = await askVersion(settings);
    let kept: Promise<KeptServer> | undefined;
    return {
      kind: 'container',
      description: `PostgreSQL ${serverVersion.text} (container of ${image})`,
      serverVersion,
      tools,
      throwaway: true,
      maintenanceDatabase: CLUSTER_DATABASE,
      openDirectory: () => openPart(shared),
      connectionTo: (database) => ({ ...settings, database }),
      account: contents.account,
      another: (more, abort) => openAnother({ ...options, serverOptions: more, signal: abort }),
      keep: () => (kept ??= keepContainer(runtime, opened)),
      // The directory goes in any case: a server that stays is entered by a socket inside.
      [Symbol.asyncDispose]: () => dispose(container, directory),
    };
  } catch (error) {
    await dispose(container, directory);
    throw error;
  }
}

async function dispose(container: Container | undefined, directory: ThrowawayDirectory): Promise<void> {
  await container?.[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
}

/** In a container of its own, because the commands that run beside a server start and stop others. */
async function openAnother(options: ContainerEngineOptions): Promise<AnotherServer> {
  const server = await openContainerEngine({ ...options, mayStay: false });
  try {
    const part = await server.openDirectory();
    // Any number may be the account's on this side; what is above keeps everybody else out.
    await chmod(part.path, 0o777);
    return {
      ...server,
      directory: part.path,
      [Symbol.asyncDispose]: async () => {
        await emptyByItsOwner(server, part.path);
        await server[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** Only root may remove files of others. */
async function emptyByItsOwner({ tools, account }: ContainerEngine, directory: string): Promise<void> {
  if (process.geteuid?.() === 0) return;
  const text = 'rm -rf ./* ./.[!.]*';
  const options = { directory, account, environment: {}, timeoutMilliseconds: 60_000 };
  await tools.shell({ shell: 'sh', stage: 'stop', text }, options).catch(() => undefined);
}

async function keepContainer(runtime: ContainerRuntimeClient, container: Container): Promise<KeptServer> {
  const name = await container.keep();
  const client = await clientOf(runtime);
  return {
    through: `${client} exec --interactive --tty ${name}`,
    host: SOCKET_INSIDE,
    port: CLUSTER_PORT,
    end: `${client} rm --force --volumes ${name}`,
  };
}

async function askVersion(settings: ConnectionSettings): Promise<Version> {
  try {
    await using connection = await connect(settings);
    const { rows } = await connection.query<{ server_version: string }>('SHOW server_version');
    const version = parseVersion(rows[0]?.server_version ?? '');
    if (version) return version;
  } catch (cause) {
    throw new NotEntered({
      what: 'the server in the container takes no connections from here',
      why: firstLine(cause),
      next: 'use an engine on this machine; `restoreproof doctor` shows which one answers',
      cause,
    });
  }
  throw new NoVerdictError({ what: 'the server in the container does not tell its version' });
}
