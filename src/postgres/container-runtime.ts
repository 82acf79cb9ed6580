import type { ContainerRuntimeClient } from 'testcontainers';
import { firstLine, UsageError } from '../errors.ts';

const ANSWER_MILLISECONDS = 10_000;

/**
 * The Docker or Podman engine that answers: that of DOCKER_HOST, of the Docker context, or of a usual socket.
 *
 * @throws UsageError where none does
 */
export async function containerRuntime(): Promise<ContainerRuntimeClient> {
  // Loaded here and not above: whoever uses no container need not wait for it.
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    const answer = getContainerRuntimeClient().catch((cause: unknown) => {
      // It says only that none of its strategies works.
      throw new Error(nothingAnswers(), { cause });
    });
    const runtime = await withinTime(answer);
    requireAsked(runtime);
    return runtime;
  } catch (cause) {
    throw new UsageError({
      what: 'no Docker engine answers',
      why: firstLine(cause),
      next: 'start Docker, or set DOCKER_HOST to the socket of another engine such as Podman; or use --engine local',
      cause,
    });
  }
}

/** What answers, in a few words: `engine 20.10.24 on Debian GNU/Linux 12 (bookworm)`; undefined where nothing does. */
export async function describeRuntime(): Promise<string | undefined> {
  try {
    const { info } = await containerRuntime();
    const { serverVersion, operatingSystem } = info.containerRuntime;
    return `engine ${serverVersion} on ${operatingSystem}`;
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** The command by which people handle its containers. */
export async function clientOf({ container }: ContainerRuntimeClient): Promise<'docker' | 'podman'> {
  const { Components: parts = [] } = (await container.dockerode.version()) as {
    Components?: { Name: string }[];
  };
  return parts.some(({ Name: name }) => name.startsWith('Podman')) ? 'podman' : 'docker';
}

/** The images of this engine that look like PostgreSQL's, as `repository:tag`; none where no engine answers. */
export async function imagesAtHand(): Promise<string[]> {
  try {
    const { container } = await containerRuntime();
    const images = await container.dockerode.listImages();
    return images
      .flatMap(({ RepoTags: tags, RepoDigests: digests }) => [...(tags ?? []), ...(digests ?? [])])
      .filter((name) => /\bpostgres/i.test(name))
      .toSorted();
  } catch {
    return [];
  }
}

function nothingAnswers(): string {
  const asked = process.env['DOCKER_HOST'];
  return asked === undefined || asked === ''
    ? 'nothing answers at the socket of the Docker context, nor at a usual one'
    : `nothing answers at DOCKER_HOST=${asked}`;
}

/** testcontainers goes on to the usual sockets where DOCKER_HOST does not answer; another engine was not asked for. */
function requireAsked({ container }: ContainerRuntimeClient): void {
  const asked = process.env['DOCKER_HOST'];
  if (asked === undefined || asked === '') return;
  const { socketPath, host } = container.dockerode.modem as { socketPath?: string; host?: string };
  const { protocol, hostname, pathname } = new URL(asked);
  const answers = protocol === 'unix:' || protocol === 'npipe:' ? socketPath === pathname : host === hostname;
  if (!answers) throw new Error(nothingAnswers());
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = new Error(`it did not answer within ${ANSWER_MILLISECONDS / 1000} s`);
    timer = setTimeout(() => reject(why), ANSWER_MILLISECONDS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
