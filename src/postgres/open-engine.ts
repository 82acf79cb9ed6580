import { UsageError } from '../errors.ts';
import { parseConnectionUrl, settingsFromEnvironment } from './connection-url.ts';
import { canDownload, downloadInstallation } from './download.ts';
import { localClientTools } from './local-tools.ts';
import type { Engine, EngineName } from './engine.ts';
import type { Reach } from './container-engine.ts';
import { cachedInstallation } from './package-cache.ts';
import { installAdvice } from './install-advice.ts';
import { chooseInstallation, findInstallations, type Installation } from './installations.ts';
import { openLocalEngine } from './local-engine.ts';
import { sweepLeftTools } from './left-tools.ts';
import { withinLimits } from './limits.ts';
import { openServerEngine } from './server-engine.ts';
import { requireAnnouncedVersion, requireOneVersion } from './one-version.ts';
import { sweepThrowawayDirectories } from './throwaway-directory.ts';

/** The image of a container unless another is named: the one that the guarded installation deploys. */
export const DEFAULT_IMAGE =
  'postgres:16-alpine@sha256:890480b08124ce7f79960a9bb16fe39729aa302bd384bfd7c408fee6c8f7adb7';

/** How the user wants the server and its tools. */
export interface EngineChoice {
  readonly engine: EngineName;
  readonly url?: string | undefined;
  /** Directory of client and server programs; no other is looked at. */
  readonly pgBin?: string | undefined;
  readonly pgMajor?: number | undefined;
  /** The image of a container. */
  readonly image?: string | undefined;
  /** Of two servers: a directory that containers of both see, and what else their tools are to reach. */
  readonly shared?: string | undefined;
  readonly reach?: Reach | undefined;
  readonly download: boolean;
  /** How long to wait for a server that is there already; absent: 60 s. */
  readonly waitMilliseconds?: number | undefined;
  /** How long a trial may take, and so one query or one run of a client tool; absent: 60 s for a run of a tool. */
  readonly trialMilliseconds?: number | undefined;
  /** Files and directories of this machine that client tools in a container are to read, by their absolute paths. */
  readonly reads?: readonly string[] | undefined;
  /** Whether the server may be left running (`Engine.keep`). */
  readonly mayStay?: boolean | undefined;
  /** The size of a dump that is to be restored; absent: little. */
  readonly expectedBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told in one line what takes a while. */
  readonly say: (line: string) => void;
}

/**
 * The engine for a choice. `auto` takes a URL that was given, else a local installation, else a container where a Docker
 * engine answers, else the download; it never follows DATABASE_URL or PG*, because a shell may point at production.
 *
 * @throws UsageError where there is none, with what to install
 * @throws NoVerdictError where the client tools do not agree on their version
 */
export async function openEngine(choice: EngineChoice): Promise<Engine> {
  const [engine] = await Promise.all([openUnlimited(choice), sweepLeftTools()]);
  return withinLimits(engine, choice.trialMilliseconds);
}

async function openUnlimited(choice: EngineChoice): Promise<Engine> {
  refuseContradictions(choice);
  if (choice.url !== undefined || choice.engine === 'server') return openServer(choice);
  if (choice.engine === 'container' || choice.image !== undefined) return openContainer(choice);
  const found = await findInstallations({ pgBin: choice.pgBin });
  if (choice.engine === 'auto' && (await prefersContainer(choice, found))) return openContainer(choice);
  return await openLocal(choice, await localInstallation(choice, found));
}

async function openLocal(choice: EngineChoice, installation: Installation): Promise<Engine> {
  const { directory, version, libraryPath } = installation;
  const { signal, expectedBytes } = choice;
  // The tools say their versions while the server is made.
  const [tools, server] = await Promise.allSettled([
    requireOneVersion(localClientTools(directory, version, libraryPath)),
    openLocalEngine({ installation, signal, expectedBytes }),
  ]);
  if (tools.status === 'rejected') {
    // It explains why there is no server, too: initdb was given the options of another version.
    if (server.status === 'fulfilled') await server.value[Symbol.asyncDispose]();
    throw tools.reason;
  }
  if (server.status === 'rejected') throw server.reason;
  return server.value;
}

/** @throws UsageError for options that do not go together */
export function refuseContradictions({ engine, url, image, pgBin }: EngineChoice): void {
  const given = [
    ['--url', url !== undefined],
    ['--engine local', engine === 'local'],
    ['--engine container', engine === 'container'],
    ['--image', image !== undefined],
    ['--pg-bin', pgBin !== undefined],
  ] as const;
  const clashes = [
    ['--url', '--engine local'],
    ['--url', '--engine container'],
    ['--url', '--image'],
    ['--engine local', '--image'],
    ['--pg-bin', '--image'],
    ['--pg-bin', '--engine container'],
  ] as const;
  const isGiven = (name: string): boolean => given.some(([each, there]) => each === name && there);
  const clash = clashes.find((names) => names.every(isGiven));
  if (!clash && !(engine === 'server' && image !== undefined)) return;
  throw new UsageError({
    what: `${(clash ?? ['--engine server', '--image']).join(' and ')} contradict each other`,
    next: 'give one of the two',
  });
}

/**
 * Where nothing is installed and a Docker engine answers; what was fetched before is as good as installed.
 * @param found as `findInstallations` lists them
 */
export async function prefersContainer(
  choice: EngineChoice,
  found: readonly Installation[],
): Promise<boolean> {
  if (choice.pgBin !== undefined || hasWhole(found) || (await cachedInstallation())) return false;
  const { describeRuntime } = await import('./container-runtime.ts');
  return (await describeRuntime()) !== undefined;
}

function hasWhole(found: readonly Installation[]): boolean {
  return found.some(({ missing }) => missing.length === 0);
}

/** The image that a choice comes to: the one that was named, the official one of the version, or the usual one. */
export function imageOf({ image, pgMajor }: EngineChoice): string {
  return image ?? (pgMajor === undefined ? DEFAULT_IMAGE : `postgres:${pgMajor}-alpine`);
}

async function openContainer(choice: EngineChoice): Promise<Engine> {
  // Loaded here and not above: whoever uses no container need not wait for it.
  const { openContainerEngine } = await import('./container-engine.ts');
  const { signal, say, shared, reach, reads, mayStay, expectedBytes } = choice;
  const image = imageOf(choice);
  return openContainerEngine({ image, signal, say, shared, reach, reads, mayStay, expectedBytes });
}

async function openServer(choice: EngineChoice): Promise<Engine> {
  const settings = choice.url === undefined ? settingsFromEnvironment() : parseConnectionUrl(choice.url);
  // Directories of dump files are left by killed runs against a server, too.
  await sweepThrowawayDirectories();
  const engine = await openServerEngine({
    settings,
    installations: await clientInstallations(choice),
    readinessMilliseconds: choice.waitMilliseconds,
    signal: choice.signal,
    say: choice.say,
  });
  await Promise.all([requireOneVersion(engine.tools), requireAnnouncedVersion(engine)]);
  return engine;
}

/** Those found; where none is, or `--pg-bin` names none, the one fetched from the distribution. */
async function clientInstallations(choice: EngineChoice): Promise<Installation[]> {
  const { pgBin, pgMajor } = choice;
  const found = await findInstallations({ pgBin });
  const all = found.length > 0 ? found : await fetchedInstallation(choice);
  return all.filter(({ version }) => pgMajor === undefined || version.major === pgMajor);
}

async function fetchedInstallation(choice: EngineChoice): Promise<Installation[]> {
  const cached = await cachedInstallation();
  if (cached) return [cached];
  if (!choice.download || !(await canDownload())) return [];
  return [await downloadInstallation({ say: choice.say, signal: choice.signal })];
}

/**
 * A usable local installation: one of those found, or fetched where nothing is installed.
 * @throws UsageError
 */
export async function localInstallation(
  choice: EngineChoice,
  found: readonly Installation[],
): Promise<Installation> {
  if (hasWhole(found) || choice.pgBin !== undefined)
    return chooseInstallation(found, { major: choice.pgMajor });
  if (choice.download && (await canDownload())) {
    const fetched = await downloadInstallation({ say: choice.say, signal: choice.signal });
    return chooseInstallation([fetched], { major: choice.pgMajor });
  }
  throw new UsageError({
    what: 'no PostgreSQL installation with a server was found',
    why: choice.download
      ? 'and it can be fetched on Debian and Ubuntu only'
      : '--no-download forbids fetching one',
    next: await installAdvice(),
  });
}
