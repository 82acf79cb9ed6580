import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, open } from 'node:fs/promises';
import { join } from 'node:path';
import { firstLine, NoVerdictError } from '../errors.ts';
import type { ShellCommand, ShellOptions, ToolRun } from './client-tools.ts';
import { signalGroup, whileGroupLives } from './process-group.ts';
import { startOfFile } from './start-of-file.ts';

/** With all of its environment. */
type RunShellOptions = Omit<ShellOptions, 'environment'> & { readonly environment: NodeJS.ProcessEnv };

/**
 * Runs a command in a process group of its own, which ends with it: what it leaves running in the background is killed,
 * unless it went into another session, as `pg_ctl start` does. A non-zero exit is a value, not an error.
 *
 * Output goes to files, because a server that a command starts holds pipes open for ever.
 *
 * @throws NoVerdictError where there is no such shell, or the command ran into the time limit
 * @throws the signal's reason
 */
export async function runShell(command: ShellCommand, options: RunShellOptions): Promise<ToolRun> {
  options.signal?.throwIfAborted();
  const started = performance.now();
  const [stdout, stderr] = ['stdout', 'stderr'].map((stream) =>
    join(options.directory, `${command.stage}.${stream}`),
  ) as [string, string];
  const { exitCode, signal } = await runInGroup(command, options, [stdout, stderr]);
  return {
    tool: command.stage,
    argv: [command.text],
    exitCode,
    signal,
    stdout: await startOfFile(stdout, MOST_OUTPUT_BYTES),
    stderr: await startOfFile(stderr, MOST_OUTPUT_BYTES),
    milliseconds: performance.now() - started,
  };
}

async function runInGroup(
  { shell, text, stage }: ShellCommand,
  { environment, directory, account, timeoutMilliseconds, signal }: RunShellOptions,
  outputs: readonly [string, string],
): Promise<{ exitCode: number | undefined; signal: string | undefined }> {
  await using stdout = await open(outputs[0], 'w');
  await using stderr = await open(outputs[1], 'w');
  if (account) for (const file of outputs) await chown(file, account.uid, account.gid);
  const child = spawn(shell, ['-c', text], {
    cwd: directory,
    env: environment,
    detached: true,
    stdio: ['ignore', stdout.fd, stderr.fd],
    ...account,
  });
  const kill = (): void => signalGroup(child.pid, 'SIGKILL');
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMilliseconds);
  signal?.addEventListener('abort', kill);
  try {
    const [code, by] = (await whileGroupLives(child.pid, () => once(child, 'exit'))) as [
      number | null,
      NodeJS.Signals | null,
    ];
    signal?.throwIfAborted();
    if (late) throw shellTimedOut(stage, timeoutMilliseconds);
    return { exitCode: code ?? undefined, signal: by ?? undefined };
  } catch (cause) {
    if (cause instanceof NoVerdictError || signal?.aborted) throw cause;
    throw noShell({ shell, stage }, cause);
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', kill);
    kill();
  }
}

/** The error of a command that no shell is there for. */
export function noShell(
  { shell, stage }: Pick<ShellCommand, 'shell' | 'stage'>,
  cause?: unknown,
): NoVerdictError {
  return new NoVerdictError({
    what: `the ${stage} of the pipeline could not be started`,
    why: cause === undefined ? `there is no ${shell}` : firstLine(cause),
    next: `look whether ${shell} is installed; \`shell\` in the pipeline chooses another one`,
    cause,
  });
}

/** The error of a command that was killed for its time limit. */
export function shellTimedOut(stage: string, milliseconds: number): NoVerdictError {
  return new NoVerdictError({
    what: `the ${stage} of the pipeline did not end within ${milliseconds / 1000} s and was killed`,
    next: 'look for a lock or for a prompt that it waits at; `timeout_seconds` in the pipeline gives it more time',
  });
}

/** As much of an output as a message can be taken from. */
export const MOST_OUTPUT_BYTES = 1024 * 1024;
