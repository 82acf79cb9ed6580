import { mkdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TIMEOUT_MILLISECONDS, timedOut } from './client-tools.ts';
import type { ClientTools, ToolRun } from './client-tools.ts';
import { shellWord } from '../text/shell-word.ts';
import { containerShell } from './container-shell.ts';
import { Foreman } from './container-foreman.ts';
import type { Container } from './container.ts';
import { TOOL_LOCALE } from './tool-environment.ts';
import type { Version } from './version.ts';

export interface ContainerToolsOptions {
  readonly container: Container;
  readonly version: Version;
  /** Where the programs are, inside. */
  readonly directory: string;
  /** A directory that both sides see, for orders and outputs. */
  readonly orders: string;
  /** The user and group inside whose files the harness may read and remove. */
  readonly user: string;
}

/** Client tools that run inside a container. Files of their arguments have to be where both sides see them. */
export async function openContainerTools(options: ContainerToolsOptions): Promise<ClientTools> {
  const { container, version, directory, orders, user } = options;
  await mkdir(orders, { mode: 0o755 });
  const foreman = await Foreman.hire(container, orders, user);
  return {
    version,
    directory,
    shell: containerShell(options, foreman),
    run: async (tool, argv, given = {}) => {
      const { environment, inputFile, feed, signal } = given;
      const { timeoutMilliseconds = DEFAULT_TIMEOUT_MILLISECONDS } = given;
      signal?.throwIfAborted();
      const started = performance.now();
      const command = commandText([join(directory, tool), ...argv], { ...CLEAN, ...environment }, inputFile);
      const { status, ...output } = await foreman.run(command, { timeoutMilliseconds, feed, signal });
      signal?.throwIfAborted();
      if (status === 'late') throw timedOut(tool, timeoutMilliseconds);
      const milliseconds = performance.now() - started;
      return { tool, argv, ...exitOf(status), ...output, milliseconds };
    },
  };
}

const CLEAN = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', ...TOOL_LOCALE };

/** One command as a POSIX shell reads it. Every word is quoted, and the shell becomes the program, whose number is then known. */
function commandText(
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
  inputFile: string | undefined,
): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const words = ['env', '-i', ...variables, ...argv].map(shellWord);
  return `exec ${words.join(' ')}${inputFile === undefined ? '' : ` <${shellWord(inputFile)}`}`;
}

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** A shell tells a signal as 128 and its number (POSIX, 2.8.2). */
function exitOf(status: number): Pick<ToolRun, 'exitCode' | 'signal'> {
  const signal = SIGNALS.get(status - 128);
  return signal === undefined ? { exitCode: status, signal } : { exitCode: undefined, signal };
}
