import { readFile, writeFile } from 'node:fs/promises';
import type { Case } from '../case/case.ts';
import type { ClientTools, ToolRun } from '../postgres/client-tools.ts';
import type { ConnectionSettings } from '../postgres/connection.ts';
import { toolEnvironment } from '../postgres/tool-environment.ts';
import { reorderList } from './reorder-list.ts';
import { restoreCommands, type Reordering } from './restore-commands.ts';

export interface RunRestoreOptions {
  readonly tools: ClientTools;
  /** As the dump gave them, in the order of their restore; lists and scripts are written beside them. */
  readonly archives: readonly string[];
  readonly target: ConnectionSettings;
  /** Where the tool is while it makes the target itself (`create`). */
  readonly maintenance: ConnectionSettings;
  readonly signal?: AbortSignal | undefined;
}

export interface RestoreOutcome {
  readonly runs: readonly ToolRun[];
  /** The run that exited non-zero or was ended by a signal; no other came after it. */
  readonly failed: ToolRun | undefined;
}

/**
 * Runs what the plan needs of pg_restore and psql. A non-zero exit is in the result.
 *
 * @throws NoVerdictError as `tools.run` does
 * @throws UsageError for a plan that no command line can express
 */
export async function runRestore(
  plans: Pick<Case, 'dump' | 'restore'>,
  { tools, archives, target, maintenance, signal }: RunRestoreOptions,
): Promise<RestoreOutcome> {
  const environment = toolEnvironment(target, plans.restore.environment);
  const places = { archives, database: target.database, maintenance: maintenance.database };
  const runs: ToolRun[] = [];
  for (const { tool, argv, inputFile, reorder } of restoreCommands(plans, places)) {
    const run = await tools.run(tool, argv, { environment, inputFile, signal });
    runs.push(run);
    if (run.exitCode !== 0) return { runs, failed: run };
    if (reorder) await reorderFile(reorder);
  }
  return { runs, failed: undefined };
}

/** latin1 keeps every byte, whatever the encoding of the names in the list. */
async function reorderFile({ list, into, ...how }: Reordering): Promise<void> {
  await writeFile(into, reorderList(await readFile(list, 'latin1'), how), 'latin1');
}
