import type { Writable } from 'node:stream';
import { NoVerdictError } from '../errors.ts';
import type { Account } from './throwaway-directory.ts';
import type { Version } from './version.ts';

export type ToolName = 'pg_dump' | 'pg_restore' | 'psql' | 'pg_dumpall';

/** The commands of an operator's own pipeline. */
type PipelineStage = 'dump' | 'wipe' | 'restore' | 'stop';

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
  /**
   * Runs a command of the user's own where the tools are, which come first in its PATH. What it leaves running in the
   * background is killed, unless it went into another session, as `pg_ctl start` does. A non-zero exit is a value.
   * @throws NoVerdictError where there is no such shell, or the command ran into the time limit
   */
  shell(command: ShellCommand, options: ShellOptions): Promise<ToolRun>;
}

/** A command of the user's own, for a shell. */
export interface ShellCommand {
  readonly shell: 'sh' | 'bash';
  readonly text: string;
  /** What it is for; its output is kept in files of that name. */
  readonly stage: PipelineStage;
}

export interface ShellOptions {
  /** Added to what the place of the tools has; of its libpq variables nothing is passed on. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where it runs, and where its output is written to. */
  readonly directory: string;
  /** As whom it runs; absent: as the tools do. */
  readonly account?: Account | undefined;
  readonly timeoutMilliseconds: number;
  readonly signal?: AbortSignal | undefined;
}

export const DEFAULT_TIMEOUT_MILLISECONDS = 60_000;

/** The error of a tool that was killed for its time limit. */
export function timedOut(tool: ToolName, milliseconds = DEFAULT_TIMEOUT_MILLISECONDS): NoVerdictError {
  const seconds = milliseconds / 1000;
  return new NoVerdictError({
    what: `${tool} did not end within ${seconds} s and was killed`,
    next: 'look for a lock or a full disk on the server; the run can be repeated as it is',
  });
}
