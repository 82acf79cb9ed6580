import type { Plans } from './dump-commands.ts';
import type { ClientTools, ToolRun } from '../postgres/client-tools.ts';
import { compareLines, type LineDifference } from '../text/compare-lines.ts';

/** Either the two dumps' first difference as scripts (null: none), or the run of pg_restore that failed. */
export type DumpComparison = { readonly difference: LineDifference | null } | { readonly failed: ToolRun };

export interface CompareDumpsOptions {
  readonly tools: ClientTools;
  readonly plans: Plans;
  readonly signal?: AbortSignal | undefined;
  /** For each run of pg_restore. */
  readonly timeoutMilliseconds?: number | undefined;
}

/**
 * Compares the archives of two dumps by one plan as scripts, line by line and pair by pair, up to the first difference.
 * What is no script already is made one by `pg_restore --file`, beside the archive, without what the restore left behind.
 *
 * @throws NoVerdictError as `tools.run` does
 */
export async function compareDumps(
  first: readonly string[],
  second: readonly string[],
  options: CompareDumpsOptions,
): Promise<DumpComparison> {
  if (first.length !== second.length) throw new Error('dumps by one plan have equally many parts');
  for (const [index, one] of first.entries()) {
    const compared = await comparePair(one, second[index] ?? '', options);
    if ('failed' in compared || compared.difference) return compared;
  }
  return { difference: null };
}

async function comparePair(
  one: string,
  other: string,
  { tools, plans, signal, timeoutMilliseconds }: CompareDumpsOptions,
): Promise<DumpComparison> {
  if (plans.dump.format === 'plain')
    return { difference: await compareLines(one, other, normaliseScriptLine) };
  for (const archive of [one, other]) {
    const argv = [...leavingBehind(plans), `--file=${archive}.sql`, archive];
    const run = await tools.run('pg_restore', argv, { signal, timeoutMilliseconds });
    if (run.exitCode !== 0) return { failed: run };
  }
  return { difference: await compareLines(`${one}.sql`, `${other}.sql`, normaliseScriptLine) };
}

/** Options by which pg_restore leaves things behind that the first archive has and the second one cannot have. */
const LEAVE_BEHIND: ReadonlySet<string> = new Set([
  '--no-owner',
  '-O',
  '--no-acl',
  '--no-privileges',
  '-x',
  '--no-comments',
  '--no-policies',
  '--no-publications',
  '--no-security-labels',
  '--no-subscriptions',
  '--no-table-access-method',
  '--no-tablespaces',
]);

function leavingBehind({ restore }: Plans): string[] {
  return restore.tool === 'psql' ? [] : (restore.options ?? []).filter((option) => LEAVE_BEHIND.has(option));
}

/**
 * What differs in each dump by nature: the random key of `\\restrict` (since 13.22, 14.19, 15.14, 16.10, 17.6), and
 * under --verbose the moment and the numbers of catalog rows (src/bin/pg_dump/pg_backup_archiver.c, _printTocEntry).
 */
const BY_NATURE: readonly RegExp[] = [
  /^(\\(?:un)?restrict) \w+$/,
  /^(-- (?:Started|Completed) on) .*$/,
  /^(-- TOC entry) \d+ \(class \d+ OID \d+\)$/,
  /^(-- Dependencies:) [\d ]+$/,
];

function normaliseScriptLine(line: string): string {
  return BY_NATURE.reduce((normalised, pattern) => normalised.replace(pattern, '$1'), line);
}
