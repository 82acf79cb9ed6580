import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createReadStream } from 'node:fs';
import { firstLine } from '../errors.ts';
import type { ClientTools, ToolRun } from '../postgres/client-tools.ts';
import type { ConnectionSettings } from '../postgres/connection.ts';
import { toolEnvironment } from '../postgres/tool-environment.ts';
import { readDump, type DumpFile } from './dump-file.ts';
import { scanScript, type ScriptFacts } from './scan-script.ts';

/** What the tools are given for a dump. */
export interface DumpTools {
  readonly tools: ClientTools;
  readonly signal?: AbortSignal | undefined;
}

/** A dump may take hours; whoever waits for it sets the limit. */
const NO_LIMIT_MILLISECONDS = 7 * 24 * 3_600_000;

/**
 * What it takes to restore a dump: a script is read through, an archive is asked for its schema as a script.
 * @param directory of ours, for the schema
 * @returns the facts, or what failed: pg_restore, or a script that is not whole
 * @throws where the file cannot be read
 */
export async function inspectDump(
  dump: DumpFile,
  { tools, signal }: DumpTools,
  directory: string,
): Promise<ScriptFacts | { readonly failed: ToolRun }> {
  if (dump.format === 'plain') return inspectScript(dump);
  const script = join(directory, 'schema.sql');
  const argv = ['--create', '--schema-only', `--file=${script}`];
  const run = await runOn(dump, tools, 'pg_restore', argv, { signal });
  if (run.exitCode !== 0) return { failed: run };
  // Where it would enter is where --create would make it; it goes where it is sent.
  return { ...(await scanScript(createReadStream(script))), enters: [] };
}

/** A script tells its end. Where that is missing it may be restored without an error, as far as it goes. */
async function inspectScript(dump: DumpFile): Promise<ScriptFacts | { readonly failed: ToolRun }> {
  try {
    const facts = await scanScript(readDump(dump));
    if (!facts.cutShort) return facts;
    return cutShort('the script is cut short: it does not end with "PostgreSQL database dump complete"');
  } catch (error) {
    const ofZlib = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    if (!ofZlib) throw error;
    return cutShort(`gzip: ${error.message}`);
  }
}

function cutShort(why: string): { readonly failed: ToolRun } {
  const none = { argv: [], signal: undefined, stdout: '', milliseconds: 0 };
  return { failed: { tool: 'dump', exitCode: 1, stderr: `error: ${why}`, ...none } };
}

export interface RestoreDumpOptions extends DumpTools {
  readonly target: ConnectionSettings;
  /** Neither owners nor grants: the roles are not there, and may not be made. */
  readonly withoutRoles: boolean;
  readonly withoutTablespaces: boolean;
  /** For archives that can be read at several places at once; absent: one for each core, at most four. */
  readonly jobs?: number | undefined;
}

const MOST_JOBS = 4;

/** The words of the tool that restores a dump. A script does what it was written to do, whatever is asked for. */
export function restoreArguments(
  { format, gzipped }: DumpFile,
  { target, withoutRoles, withoutTablespaces, jobs }: Omit<RestoreDumpOptions, keyof DumpTools>,
): { tool: 'psql' | 'pg_restore'; argv: string[] } {
  const database = `--dbname=${target.database}`;
  if (format === 'plain') {
    const argv = ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--output=/dev/null', database];
    return { tool: 'psql', argv };
  }
  const parallel = !gzipped && format !== 'tar';
  const count = jobs ?? Math.min(MOST_JOBS, availableParallelism());
  const argv = [
    '--exit-on-error',
    ...(parallel ? [`--jobs=${count}`] : []),
    ...(withoutRoles ? ['--no-owner', '--no-acl'] : []),
    ...(withoutTablespaces ? ['--no-tablespaces'] : []),
    // A subscription would have the restored database ask the real server for rows.
    '--no-subscriptions',
    database,
  ];
  return { tool: 'pg_restore', argv };
}

/** Restores a dump into an existing database. A non-zero exit is a value, and so is a file that is cut short. */
export function restoreDump(dump: DumpFile, options: RestoreDumpOptions): Promise<ToolRun> {
  const { tool, argv } = restoreArguments(dump, options);
  return runOn(dump, options.tools, tool, argv, { signal: options.signal, target: options.target });
}

/** A tool on the dump, which comes by standard input where it has to be unpacked. */
async function runOn(
  dump: DumpFile,
  tools: ClientTools,
  tool: 'psql' | 'pg_restore',
  argv: readonly string[],
  { signal, target }: { signal?: AbortSignal | undefined; target?: ConnectionSettings },
): Promise<ToolRun> {
  const shared = {
    signal,
    timeoutMilliseconds: NO_LIMIT_MILLISECONDS,
    ...(target ? { environment: toolEnvironment(target) } : {}),
  };
  if (!dump.gzipped) return tools.run(tool, [...argv, ...fileArgument(tool, dump.place)], shared);
  let cut: string | undefined;
  const feed = async (input: Writable): Promise<void> => {
    try {
      await pipeline(readDump(dump), input);
    } catch (error) {
      // A tool that has ended reads no further: what it says of that is what counts.
      cut = firstLine(error);
    }
  };
  const run = await tools.run(tool, [...argv, ...(tool === 'psql' ? ['--file=-'] : [])], { ...shared, feed });
  // pg_restore reads an archive as far as it needs it.
  const closed = cut !== undefined && /EPIPE|ECONNRESET|premature close/i.test(cut);
  if (cut === undefined || closed || run.exitCode !== 0) return run;
  return { ...run, exitCode: 1, stderr: `gzip: error: ${dump.path}: ${cut}\n${run.stderr}` };
}

function fileArgument(tool: 'psql' | 'pg_restore', path: string): string[] {
  return tool === 'psql' ? [`--file=${path}`] : ['--', path];
}
