import {
  GenericContainer,
  ImageName,
  Wait,
  type ContainerRuntimeClient,
  type StartedTestContainer,
} from 'testcontainers';
import type { Duplex } from 'node:stream';
import { firstLine, NoVerdictError, UsageError } from '../errors.ts';
import { describeProcess, writtenIdentity } from './process-identity.ts';

/** Where the cluster goes: memory, if the machine of the container has plenty, else a volume of the container's. */
export const CLUSTER_DIRECTORY = '/restoreproof';
/** The container lives as long as somebody who was told of it holds this open for writing. */
export const LIFELINE = '/tmp/restoreproof-lifeline';
export const OWNER_LABEL = 'restoreproof.owner';
/** Containers whose names begin so were left on purpose. */
export const KEPT_NAME = 'restoreproof-kept-';

type DockerContainer = ReturnType<ContainerRuntimeClient['container']['getById']>;
type DockerExec = Awaited<ReturnType<DockerContainer['exec']>>;

const ENOUGH_BYTES = 4 * 1024 ** 3;
const ROOT = '0:0';
/** Takes hold of the lifeline for good, also when nobody listens any more. */
const HOLD = `exec 3>${LIFELINE}; echo held; exec tail -f /dev/null >/dev/null 2>&1`;

/** A container of an image, in which nothing runs but what it is told to. */
export interface Container extends AsyncDisposable {
  readonly image: string;
  readonly id: string;
  /** Where containers of the same network reach it; itself only, where it has no address. */
  address(): Promise<string>;
  /** The port of 127.0.0.1 on this side that stands for the published one. */
  publishedPort(): number;
  /** Runs a program to its end. A non-zero exit is a value. */
  run(argv: readonly string[], user?: string): Promise<{ exitCode: number; output: string }>;
  /**
   * Lets it outlive this process and every sweep.
   * @returns its name from now on
   */
  keep(): Promise<string>;
  /** Starts a program that goes on, with its standard input open. */
  start(argv: readonly string[], user?: string): Promise<RunningProgram>;
}

export interface RunningProgram {
  /** What is written here is its standard input. */
  readonly input: Duplex;
  /** Told of each piece of output as it comes; what came before is told at once. */
  onOutput(listener: (text: string) => void): void;
  /** All of its output once it has ended, or lost its container. */
  readonly ended: Promise<string>;
}

export interface OpenContainerOptions {
  readonly runtime: ContainerRuntimeClient;
  readonly image: string;
  /** Directories of this machine, seen under the same paths inside. */
  readonly directories: readonly string[];
  /** Files and directories of this machine, of which only reading is allowed inside, under the same paths. */
  readonly reads: readonly string[];
  /** Whether the cluster may be in memory. */
  readonly inMemory: boolean;
  /** None, this machine's, or the engine's usual one, with a port to be published on this machine. */
  readonly network: 'none' | 'host' | { readonly port: number };
  /** Whether Ryuk may look after it. */
  readonly reaped: boolean;
  readonly signal?: AbortSignal | undefined;
}

class IdleContainer extends GenericContainer {
  constructor(
    { image, directories, reads, network, runtime, inMemory }: OpenContainerOptions,
    labels: Record<string, string>,
  ) {
    super(image);
    // It goes when its process ends, also where nobody is left to remove it.
    this.hostConfig.AutoRemove = true;
    this.hostConfig.Mounts = [
      ...directories.map((path) => mountOf(path, false)),
      ...reads.map((path) => mountOf(path, true)),
    ];
    // What we may read by a group of ours is read by it inside, too.
    this.hostConfig.GroupAdd = process.getgroups?.().map(String) ?? [];
    // Where SELinux guards the machine: the other way, a new label for what is mounted, would alter the user's files.
    this.withSecurityOpt('label=disable');
    this.createOpts.User = ROOT;
    this.withEntrypoint(['sh', '-c'])
      .withCommand([`mkfifo -m 666 ${LIFELINE} && exec cat ${LIFELINE}`])
      .withLabels(labels)
      .withWaitStrategy(Wait.forAll([]));
    const { memory } = runtime.info.containerRuntime;
    if (inMemory && memory >= ENOUGH_BYTES) this.withTmpFs({ [CLUSTER_DIRECTORY]: 'rw,mode=1777' });
    else this.createOpts.Volumes = { [CLUSTER_DIRECTORY]: {} };
    if (typeof network === 'string') this.withNetworkMode(network);
    else this.withExposedPorts(network.port);
  }

  /** For this machine alone. */
  protected override beforeContainerCreated(): Promise<void> {
    const bindings = this.hostConfig.PortBindings as Record<string, { HostIp?: string; HostPort: string }[]>;
    for (const binding of Object.values(bindings ?? {}).flat()) binding.HostIp = '127.0.0.1';
    return Promise.resolve();
  }
}

/** Not as `source:target`, in which no path may have a colon, as dumps with the time in their names do. */
function mountOf(path: string, readOnly: boolean) {
  return { Type: 'bind' as const, Source: path, Target: path, ReadOnly: readOnly };
}

/**
 * Starts a container that waits for what it is told; its image is fetched where it is not there. It is gone when it is
 * disposed of, and also when the process that opened it dies once `LIFELINE` was taken hold of.
 *
 * @throws UsageError where the image cannot be had, or is none that this can be done with
 */
export async function openContainer(options: OpenContainerOptions): Promise<Container> {
  const { image, runtime, signal, network } = options;
  const labels = { [OWNER_LABEL]: writtenIdentity(await describeProcess(process.pid)) };
  const starting = startIdle(options, labels);
  const started = await startedUnlessAborted(starting, image, signal);
  const docker = runtime.container.getById(started.getId());
  const inputs: Duplex[] = [];
  const start = async (argv: readonly string[], user = ROOT) => {
    const running = await execute(docker, argv, user);
    inputs.push(running.program.input);
    return running;
  };
  let kept = false;
  return {
    image,
    id: started.getId(),
    address: async () => {
      const { Networks: networks } = (await docker.inspect()).NetworkSettings;
      const addresses = Object.values(networks).map(({ IPAddress: address }) => address);
      return addresses.find((address) => address !== '') ?? '127.0.0.1';
    },
    publishedPort: () => (typeof network === 'string' ? 0 : started.getMappedPort(network.port)),
    run: async (argv, user) => {
      const { exec, program } = await start(argv, user);
      const output = await program.ended;
      const { ExitCode: exitCode } = await exec.inspect();
      return { exitCode: exitCode ?? -1, output };
    },
    keep: async () => {
      const { program } = await start(['sh', '-c', HOLD]);
      await Promise.race([new Promise<void>((held) => program.onOutput(() => held())), program.ended]);
      const name = `${KEPT_NAME}${started.getId().slice(0, 12)}`;
      await docker.rename({ name });
      kept = true;
      return name;
    },
    start: async (argv, user) => (await start(argv, user)).program,
    [Symbol.asyncDispose]: async () => {
      if (!kept) return await remove(docker);
      // What goes on inside goes on without us.
      for (const input of inputs) input.destroy();
    },
  };
}

/** Ryuk is one more to look after the container; where it is disabled or cannot be had, it is done without. */
async function startIdle(
  options: OpenContainerOptions,
  labels: Record<string, string>,
): Promise<StartedTestContainer> {
  await options.runtime.image.pull(ImageName.fromString(options.image));
  const alone = new IdleContainer(options, labels).withAutoCleanup(false);
  if (!options.reaped || process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'true') return await alone.start();
  return await new IdleContainer(options, labels).start().catch(() => alone.start());
}

/** An image may be minutes on its way: an abort does not wait for it, and what then starts is removed. */
async function startedUnlessAborted(
  starting: Promise<StartedTestContainer>,
  image: string,
  signal: AbortSignal | undefined,
): Promise<StartedTestContainer> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal?.reason);
  });
  signal?.addEventListener('abort', abort);
  try {
    return await Promise.race([starting, aborted]);
  } catch (cause) {
    void starting.then(
      (late) => late.stop(),
      () => undefined,
    );
    signal?.throwIfAborted();
    throw notStarted(image, cause);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function execute(
  docker: DockerContainer,
  argv: readonly string[],
  user: string,
): Promise<{ exec: DockerExec; program: RunningProgram }> {
  try {
    const exec = await docker.exec({
      Cmd: [...argv],
      User: user,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    return { exec, program: programOf(await exec.start({ hijack: true, stdin: true }), docker) };
  } catch (cause) {
    throw new NoVerdictError({
      what: `${argv[0]} could not be started in the container`,
      why: firstLine(cause),
      next: 'look at the log of the Docker engine',
      cause,
    });
  }
}

/** Without a terminal, output comes in frames: stream, three zeros, length, bytes (Docker Engine API, "Attach to a container"). */
function programOf(stream: Duplex, docker: DockerContainer): RunningProgram {
  const chunks: string[] = [];
  const listeners: ((text: string) => void)[] = [];
  const take = {
    write: (chunk: Buffer): boolean => {
      const text = chunk.toString();
      chunks.push(text);
      for (const listener of listeners) listener(text);
      return true;
    },
  } as unknown as NodeJS.WritableStream;
  docker.modem.demuxStream(stream, take, take);
  const ended = new Promise<string>((resolve) => {
    const end = (): void => resolve(chunks.join(''));
    // A connection that breaks off is the end of the program, too.
    stream.once('error', end).once('end', end).once('close', end);
  });
  return {
    input: stream,
    onOutput: (listener) => {
      listeners.push(listener);
      if (chunks.length > 0) listener(chunks.join(''));
    },
    ended,
  };
}

/** Docker's answers for a container that is gone, or is being removed by itself. */
const GONE: readonly unknown[] = [404, 409];

/** @throws what the engine says, unless it is that there is nothing left to remove */
export async function remove(docker: DockerContainer): Promise<void> {
  try {
    await docker.remove({ force: true, v: true });
  } catch (error) {
    const status = typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode;
    if (!GONE.includes(status)) throw error;
  }
}

function notStarted(image: string, cause: unknown): UsageError {
  const why = firstLine(cause);
  const missing = /no such image|not found|pull access denied|manifest|lookup|dial tcp/i.test(why);
  return new UsageError({
    what: missing ? `the image ${image} cannot be had` : `no container of ${image} can be started`,
    why,
    next: missing
      ? `try \`docker pull ${image}\`, or name an image that is there by --image`
      : 'run `restoreproof doctor` to see which engine answers',
    cause,
  });
}
