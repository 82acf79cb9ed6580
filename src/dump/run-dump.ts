import { mkdir, rm } from 'node:fs/promises';
import type { ClientTools, ToolRun } from '../postgres/client-tools.ts';
import type { ConnectionSettings } from '../postgres/connection.ts';
import { toolEnvironment } from '../postgres/tool-environment.ts';
import { dumpCommands, type Plans } from './dump-commands.ts';
import { unpackScript } from './unpack-script.ts';

export interface RunDumpOptions {
  readonly tools: ClientTools;
  readonly source: ConnectionSettings;
  /** A directory of ours for the archives; made where it is missing. Archives of an earlier trial are replaced. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

export interface DumpOutcome {
  readonly runs: readonly ToolRun[];
  /** The run that exited non-zero or was ended by a signal; no other came after it. */
  readonly failed: ToolRun | undefined;
  /** Files, for the directory format directories, in the order of their restore. A plain one is an unpacked script. */
  readonly archives: readonly string[];
}

/**
 * Runs pg_dump once for each part of the plan. A non-zero exit is in the result.
 *
 * @throws NoVerdictError as `tools.run` does
 * @throws UsageError for a script that cannot be unpacked for psql
 */
export async function runDump(plans: Plans, options: RunDumpOptions): Promise<DumpOutcome> {
  const { tools, source, directory, signal } = options;
  const environment = toolEnvironment(source, plans.dump.environment);
  const runs: ToolRun[] = [];
  const archives: string[] = [];
  await mkdir(directory, { recursive: true });
  for (const { argv, archive } of dumpCommands(plans, directory)) {
    // pg_dump refuses a directory that has files in it.
    await rm(archive, { recursive: true, force: true });
    const run = await tools.run('pg_dump', argv, { environment, signal });
    runs.push(run);
    if (run.exitCode !== 0) return { runs, failed: run, archives };
    archives.push(plans.dump.format === 'plain' ? await unpackScript(archive) : archive);
  }
  return { runs, failed: undefined, archives };
}
