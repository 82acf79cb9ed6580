import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { firstLine, NoVerdictError } from '../errors.ts';
import { ownersMark } from './left-tools.ts';
import { signalGroup, whileGroupLives } from './process-group.ts';
import { startInGroup, type ProgramEnd, type RunningProgram } from './running-program.ts';
import type { Version } from './version.ts';

type ToolName = 'pg_dump' | 'pg_restore' | 'psql' | 'pg_dumpall';

/** The commands of an operator's own pipeline. */
export type PipelineStage = 'dump' | 'wipe' | 'restore' | 'stop';

/** What one run of a client tool left behind. */
export interface ToolRun {
  /** A client tool, or the stage of a pipeline whose command it was. */
  readonly tool: ToolName | PipelineStage;
  readonly argv: readonly string[];
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface ToolOptions {
  /** Added to the tool's clean environment (libpq variables and the plan's own). */
  readonly environment?: Readonly<Record<string, string>>;
  /** Its standard input. Where it cannot be opened the tool is not run and has failed, as in a shell. */
  readonly inputFile?: string | undefined;
  /** A program that is run instead and told the tool and its arguments behind its own: `['nice', '-n', '5']`. */
  readonly through?: readonly string[] | undefined;
  /** Told the number of the process as soon as it has one. */
  readonly onStart?: ((pid: number) => void) | undefined;
  /** Writes the standard input, and tells by itself what goes wrong: a tool may end before it has read all. */
  readonly feed?: ((input: Writable) => Promise<void>) | undefined;
  readonly timeoutMilliseconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** pg_dump, pg_restore and psql of one installation. */
export interface ClientTools {
  readonly version: Version;
  /** Directory of the programs. */
  readonly directory: string;
  /** What the loader has to be told to find their libpq, where it does not by itself. */
  readonly libraryPath?: string | undefined;
  /**
   * Runs a tool with an argv array. A non-zero exit is a value, not an error.
   * @throws NoVerdictError where the tool is missing or ran into the time limit
   */
  run(tool: ToolName, argv: readonly string[], options?: ToolOptions): Promise<ToolRun>;
}

export const DEFAULT_TIMEOUT_MILLISECONDS = 60_000;

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
  return { version, directory, libraryPath, run };
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

function cleanEnvironment(libraryPath: string | undefined): Record<string, string> {
  const kept = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
  };
}

/** The error of a tool that was killed for its time limit. */
export function timedOut(tool: ToolName, milliseconds = DEFAULT_TIMEOUT_MILLISECONDS): NoVerdictError {
  const seconds = milliseconds / 1000;
  return new NoVerdictError({
    what: `${tool} did not end within ${seconds} s and was killed`,
    next: 'look for a lock or a full disk on the server; the run can be repeated as it is',
  });
}

function notStarted(tool: ToolName, directory: string, cause: unknown): NoVerdictError {
  return new NoVerdictError({
    what: `${tool} could not be started from ${directory}`,
    why: firstLine(cause),
    next: 'run `restoreproof doctor` to see which installations are usable',
    cause,
  });
}
