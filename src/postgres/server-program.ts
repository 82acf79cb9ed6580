import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { NoVerdictError, UsageError, firstLine } from '../errors.ts';
import type { Installation } from './installations.ts';
import { tellingLine } from './throwaway-cluster.ts';
import type { ThrowawayDirectory } from './throwaway-directory.ts';

/** A throwaway server on its way up: of what installation, where, and with which settings. */
export interface ServerRun {
  readonly installation: Installation;
  readonly signal?: AbortSignal | undefined;
  readonly serverOptions?: Readonly<Record<string, string>> | undefined;
  readonly initdbOptions?: readonly string[] | undefined;
  readonly directory: ThrowawayDirectory;
}

/**
 * Spawns a server program in a session of its own, so that a terminal's Ctrl-C does not reach it.
 * @throws UsageError where the account may not run it, NoVerdictError where it cannot be started
 */
export async function startProgram(
  { installation, directory }: ServerRun,
  program: string,
  argv: readonly string[],
  stdio: SpawnOptions['stdio'],
): Promise<ChildProcess> {
  const libraryPath = installation.libraryPath ?? process.env['LD_LIBRARY_PATH'];
  const child = spawn(join(installation.directory, program), argv, {
    // The caller's working directory may be closed to the account.
    cwd: directory.serverDirectory,
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      // initdb would else compare this machine's time with every time zone file.
      TZ: 'UTC',
      ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
    },
    detached: true,
    stdio,
    ...directory.account,
  });
  try {
    await once(child, 'spawn');
    return child;
  } catch (error) {
    const parts = {
      what: `${program} could not be started from ${installation.directory}`,
      why: firstLine(error),
      cause: error,
    };
    if (directory.account && error instanceof Error && 'code' in error && error.code === 'EACCES') {
      const next = `let user ${directory.account.uid} enter that directory, or run restoreproof as another user than root`;
      throw new UsageError({ ...parts, next });
    }
    throw new NoVerdictError({
      ...parts,
      next: 'run `restoreproof doctor` to see which installations are usable',
    });
  }
}

/** What a server program said when it failed, as an error for people. */
export function failure(run: ServerRun, what: string, output: string): UsageError | NoVerdictError {
  const why = tellingLine(output);
  const given = Object.keys(run.serverOptions ?? {}).find((name) => why?.includes(`"${name}"`));
  if (given !== undefined) return new UsageError({ what, why, next: `give another value for ${given}` });
  const next = `look at free disk space and memory; the directory was ${run.directory.path} (TMPDIR moves it)`;
  return new NoVerdictError({ what, why, next });
}
