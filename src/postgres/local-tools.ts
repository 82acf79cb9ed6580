import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { firstLine, NoVerdictError } from '../errors.ts';
import { DEFAULT_TIMEOUT_MILLISECONDS, timedOut } from './client-tools.ts';
import type { ClientTools, ToolName, ToolOptions, ToolRun } from './client-tools.ts';
import { ownersMark } from './left-tools.ts';
import { signalGroup, whileGroupLives } from './process-group.ts';
import { startInGroup, type ProgramEnd, type RunningProgram } from './running-program.ts';
import { runShell } from './shell-command.ts';
import { TOOL_LOCALE } from './tool-environment.ts';
import type { Version } from './version.ts';

/** Variables of the caller that tools may see; libpq's own are left out, so that no shell setting leaks in. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SYSTEMROOT'];

/** Client tools in a local directory; `libraryPath` is put before the loader's own path. */
export function localClientTools(directory: string, version: Version, libraryPath?: string): ClientTools {
  const run = async (
    tool: ToolName,
    argv: readonly string[],
    options: ToolOptions = {},
  ): Promise<ToolRun> => {
    options.signal?.throwIfAborted();
    const started = performance.now();
    const unreadable = await faultOf(options.inputFile);
    if (unreadable !== undefined) return notRun(tool, argv, unreadable);
    const [program = '', ...words] = [...(options.through ?? []), join(directory, tool), ...argv];
    const mark = await ownersMark();
    const running = startInGroup(program, words, {
      environment: { ...cleanEnvironment(libraryPath), ...mark, ...options.environment },
      stdin: standardInput(options),
    });
    if (running.pid !== undefined) options.onStart?.(running.pid);
    const fed = running.stdin && options.feed?.(running.stdin);
    const { end, late } = await endInTime(running, options).catch((cause: unknown) => {
      throw notStarted(tool, directory, cause);
    });
    await fed;
    options.signal?.throwIfAborted();
    if (late) throw timedOut(tool, options.timeoutMilliseconds);
    return {
      tool,
      argv,
      ...end,
      milliseconds: performance.now() - started,
    };
  };
  const shell: ClientTools['shell'] = (command, options) =>
    runShell(command, {
      ...options,
      environment: { ...surroundings(directory, libraryPath), ...options.environment },
    });
  return { version, directory, libraryPath, run, shell };
}

/** Why a file cannot be read; undefined where it can. */
async function faultOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  return await access(file, constants.R_OK).then(
    () => undefined,
    (error: unknown) => `cannot open ${file}: ${firstLine(error)}`,
  );
}

function notRun(tool: ToolName, argv: readonly string[], stderr: string): ToolRun {
  return { tool, argv, exitCode: 1, signal: undefined, stdout: '', stderr, milliseconds: 0 };
}

function standardInput({ inputFile, feed }: ToolOptions): { file: string } | 'pipe' | undefined {
  if (inputFile !== undefined) return { file: inputFile };
  return feed && 'pipe';
}

/** Waits for a tool, and kills its whole group at the time limit, which is told, or when the signal comes. */
async function endInTime(
  { pid, ended }: RunningProgram,
  { signal, timeoutMilliseconds = DEFAULT_TIMEOUT_MILLISECONDS }: ToolOptions,
): Promise<{ end: ProgramEnd; late: boolean }> {
  let late = false;
  const kill = (): void => signalGroup(pid, 'SIGKILL');
  const limit = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMilliseconds);
  signal?.addEventListener('abort', kill);
  try {
    const end = await whileGroupLives(pid, () => ended);
    return { end, late };
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', kill);
  }
}

/** The caller's, without what leads libpq elsewhere; the tools of the installation come first. */
function surroundings(directory: string, libraryPath: string | undefined): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !LIBPQ.test(name));
  return {
    ...Object.fromEntries(own),
    PATH: `${directory}${delimiter}${process.env['PATH'] ?? ''}`,
    ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
    LC_ALL: 'C',
  };
}

/** libpq's variables, and no one else's that begin alike. */
const LIBPQ = /^PG(?!BACKREST_)|^DATABASE_URL$/;

function cleanEnvironment(libraryPath: string | undefined): Record<string, string> {
  const kept = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    ...TOOL_LOCALE,
    ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
  };
}

function notStarted(tool: ToolName, directory: string, cause: unknown): NoVerdictError {
  return new NoVerdictError({
    what: `${tool} could not be started from ${directory}`,
    why: firstLine(cause),
    next: 'run `restoreproof doctor` to see which installations are usable',
    cause,
  });
}
