import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { EXIT, RestoreproofError, UsageError } from '../errors.ts';
import { parseConnectionUrl, redactUrl, settingsFromEnvironment } from '../postgres/connection-url.ts';
import { requireFittingTools } from '../fuzz/needs.ts';
import { canDownload } from '../postgres/download.ts';
import { cachedInstallation } from '../postgres/package-cache.ts';
import { installAdvice, timeZoneAdvice } from '../postgres/install-advice.ts';
import { chooseInstallation, findInstallations, type Installation } from '../postgres/installations.ts';
import { openServerEngine } from '../postgres/server-engine.ts';
import { containerRuntime, describeRuntime, imagesAtHand } from '../postgres/container-runtime.ts';
import {
  imageOf,
  prefersContainer,
  refuseContradictions,
  type EngineChoice,
} from '../postgres/open-engine.ts';
import type { Terminal } from './terminal.ts';

const READINESS_MILLISECONDS = 5000;

/** `restoreproof doctor`: what is here, what would be used and why, what to install. Returns the exit code. */
export async function doctor(choice: EngineChoice, { print }: Terminal): Promise<number> {
  // A directory that holds no programs is no reason not to tell the rest.
  const found = await findInstallations({ pgBin: choice.pgBin }).catch(usageErrorOnly);
  const installations = found instanceof UsageError ? [] : found;
  const cached = await cachedInstallation();
  section(print, 'PostgreSQL installations', [
    ...installations.map(describeInstallation),
    ...(cached ? [describeInstallation(cached)] : []),
  ]);
  section(print, 'Docker', [await describeDocker()]);
  section(print, 'This machine', await describeMachine(choice));
  const { lines, usable } =
    found instanceof UsageError ? unusable(found) : await explainChoice(choice, installations, cached);
  section(print, 'What would be used', lines);
  return usable ? EXIT.asPredicted : EXIT.usage;
}

function usageErrorOnly(error: unknown): UsageError {
  if (error instanceof UsageError) return error;
  throw error;
}

function section(print: (line: string) => void, title: string, lines: readonly string[]): void {
  print(title);
  for (const line of lines.length > 0 ? lines : ['none']) print(`  ${line}`);
  print('');
}

function describeInstallation({ version, directory, source, missing }: Installation): string {
  const lacks = missing.length === 0 ? 'server and client programs' : `without ${missing.join(', ')}`;
  return `${version.text.padEnd(8)} ${directory}  (${source}; ${lacks})`;
}

async function describeDocker(): Promise<string> {
  const runtime = await describeRuntime();
  if (runtime === undefined) return 'no engine answers (needed by --engine container only)';
  const found = await imagesAtHand();
  return `${runtime}; images of PostgreSQL at hand: ${found.length === 0 ? 'none' : found.join(', ')}`;
}

async function describeMachine({ download }: EngineChoice): Promise<string[]> {
  const user = userInfo();
  const account = user.uid === 0 ? `${user.username}: servers run as postgres or nobody` : user.username;
  const fetches = (await canDownload()) ? (download ? 'yes' : 'yes, but --no-download forbids it') : 'no';
  return [
    `user                 ${account}`,
    `Node                 ${process.version}`,
    `temporary directory  ${tmpdir()} (${writable(tmpdir()) ? 'writable' : 'NOT writable'})`,
    `can fetch PostgreSQL ${fetches} (apt-get and dpkg-deb)`,
    `time zone data       ${existsSync('/usr/share/zoneinfo/UTC') ? '/usr/share/zoneinfo' : `none in /usr/share/zoneinfo, where most servers look: ${await timeZoneAdvice()}`}`,
  ];
}

function writable(directory: string): boolean {
  if (!existsSync(directory)) return false;
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

interface Explained {
  readonly lines: string[];
  readonly usable: boolean;
}

async function explainChoice(
  choice: EngineChoice,
  installations: readonly Installation[],
  cached: Installation | undefined,
): Promise<Explained> {
  try {
    refuseContradictions(choice);
    if (choice.url !== undefined || choice.engine === 'server')
      return await explainServer(choice, installations);
    if (choice.engine === 'container' || choice.image !== undefined) return await explainContainer(choice);
    if (choice.engine === 'auto' && (await prefersContainer(choice, installations)))
      return await explainContainer(choice);
    return await explainLocal(choice, installations, cached);
  } catch (error) {
    // Ctrl-C is for all of the program.
    if (choice.signal?.aborted || !(error instanceof RestoreproofError)) throw error;
    return unusable(error);
  }
}

function unusable({ message, why, next }: RestoreproofError): Explained {
  const lines = [`nothing: ${message}`];
  if (why !== undefined) lines.push(`why:  ${why}`);
  if (next !== undefined) lines.push(`next: ${next}`);
  return { lines, usable: false };
}

async function explainServer(
  choice: EngineChoice,
  installations: readonly Installation[],
): Promise<Explained> {
  const settings = choice.url === undefined ? settingsFromEnvironment() : parseConnectionUrl(choice.url);
  await using engine = await openServerEngine({
    settings,
    installations,
    readinessMilliseconds: READINESS_MILLISECONDS,
    signal: choice.signal,
  });
  const why = choice.url === undefined ? '--engine server and the environment' : redactUrl(choice.url);
  requireFittingTools(engine);
  return { lines: [engine.description, `because of ${why}`], usable: true };
}

async function explainContainer(choice: EngineChoice): Promise<Explained> {
  await containerRuntime();
  const image = imageOf(choice);
  const there = (await imagesAtHand()).includes(image) ? 'which is at hand' : 'fetched at the first run';
  const asked = choice.engine === 'container' || choice.image !== undefined;
  const why = asked ? 'asked for' : 'nothing is installed and a Docker engine answers';
  return {
    lines: [`a container of ${image}, ${there}`, `because ${asked ? 'it was ' : ''}${why}`],
    usable: true,
  };
}

async function explainLocal(
  choice: EngineChoice,
  installations: readonly Installation[],
  cached: Installation | undefined,
): Promise<Explained> {
  if (installations.some(({ missing }) => missing.length === 0) || choice.pgBin !== undefined) {
    const chosen = chooseInstallation(installations, { major: choice.pgMajor });
    const why = choice.pgMajor === undefined ? 'the newest installation' : `--pg ${choice.pgMajor}`;
    return {
      lines: [
        `a throwaway server of PostgreSQL ${chosen.version.text} in ${chosen.directory}`,
        `because it is ${why}`,
      ],
      usable: true,
    };
  }
  if (cached) {
    const { version, directory } = chooseInstallation([cached], { major: choice.pgMajor });
    return { lines: [`the one fetched before: PostgreSQL ${version.text} in ${directory}`], usable: true };
  }
  if (choice.download && (await canDownload())) {
    return {
      lines: ['the distribution’s PostgreSQL, fetched into a private cache at the first run'],
      usable: true,
    };
  }
  return {
    lines: ['nothing: no installation has a server', `next: ${await installAdvice()}`],
    usable: false,
  };
}
