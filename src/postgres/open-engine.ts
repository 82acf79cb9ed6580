import { UsageError } from '../errors.ts';
import { parseConnectionUrl, settingsFromEnvironment } from './connection-url.ts';
import { canDownload, downloadInstallation } from './download.ts';
import { localClientTools } from './client-tools.ts';
import type { Engine } from './engine.ts';
import { cachedInstallation } from './package-cache.ts';
import { installAdvice } from './install-advice.ts';
import { chooseInstallation, findInstallations, type Installation } from './installations.ts';
import { openLocalEngine } from './local-engine.ts';
import { withinLimits } from './limits.ts';
import { openServerEngine } from './server-engine.ts';
import { requireOneVersion } from './one-version.ts';
import { sweepThrowawayDirectories } from './throwaway-directory.ts';

export const ENGINES = ['auto', 'local', 'server', 'container'] as const;
export type EngineName = (typeof ENGINES)[number];

/** How the user wants the server and its tools. */
export interface EngineChoice {
  readonly engine: EngineName;
  readonly url?: string | undefined;
  /** Directory of client and server programs; no other is looked at. */
  readonly pgBin?: string | undefined;
  readonly pgMajor?: number | undefined;
  readonly download: boolean;
  /** How long to wait for a server that is there already; absent: 60 s. */
  readonly waitMilliseconds?: number | undefined;
  /** How long a trial may take, and so one query or one run of a client tool; absent: 60 s for a run of a tool. */
  readonly trialMilliseconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told in one line what takes a while. */
  readonly say: (line: string) => void;
}

/**
 * The engine for a choice. `auto` takes a URL that was given, else a local installation, else the download;
 * it never follows DATABASE_URL or PG*, because a shell may point at production.
 *
 * @throws UsageError where there is none, with what to install
 * @throws NoVerdictError where the client tools do not agree on their version
 */
export async function openEngine(choice: EngineChoice): Promise<Engine> {
  return withinLimits(await openUnlimited(choice), choice.trialMilliseconds);
}

async function openUnlimited(choice: EngineChoice): Promise<Engine> {
  if (choice.engine === 'container') {
    throw new UsageError({
      what: 'the container engine is not in this version',
      next: 'use --engine local, or --engine server with the URL of a containerised server',
    });
  }
  if (choice.url !== undefined && choice.engine === 'local') {
    throw new UsageError({
      what: '--url and --engine local contradict each other',
      next: 'give one of the two',
    });
  }
  if (choice.url !== undefined || choice.engine === 'server') return openServer(choice);
  const installation = await localInstallation(choice);
  const { directory, version, libraryPath } = installation;
  await requireOneVersion(localClientTools(directory, version, libraryPath));
  return openLocalEngine({ installation, signal: choice.signal });
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
  await requireOneVersion(engine.tools);
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
 * A usable local installation: found, or fetched where nothing is installed.
 * @throws UsageError
 */
export async function localInstallation(choice: EngineChoice): Promise<Installation> {
  const found = await findInstallations({ pgBin: choice.pgBin });
  const usable = found.some(({ missing }) => missing.length === 0);
  if (usable || choice.pgBin !== undefined) return chooseInstallation(found, { major: choice.pgMajor });
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
