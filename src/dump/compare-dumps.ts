import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Plans } from './dump-commands.ts';
import type { ClientTools, ToolRun } from '../postgres/client-tools.ts';
import { compareLines, type LineDifference } from '../text/compare-lines.ts';

/** Either the two dumps' first difference as scripts (null: none), or the run of pg_restore that failed. */
export type DumpComparison = { readonly difference: LineDifference | null } | { readonly failed: ToolRun };

export interface CompareDumpsOptions {
  readonly tools: ClientTools;
  readonly plans: Plans;
  readonly signal?: AbortSignal | undefined;
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
  { tools, plans, signal }: CompareDumpsOptions,
): Promise<DumpComparison> {
  if (plans.dump.format === 'plain') return { difference: await compareLines(one, other, normaliseScript) };
  for (const archive of [one, other]) {
    const script = `${archive}.sql`;
    const argv = [...leavingBehind(plans), `--file=${script}`, archive];
    const run = await tools.run('pg_restore', argv, { signal });
    if (run.exitCode !== 0) return { failed: run };
    if (!existsSync(script))
      return { failed: { ...run, stderr: 'pg_restore exited 0, and wrote no script' } };
  }
  return { difference: await compareLines(`${one}.sql`, `${other}.sql`, normaliseScript) };
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
  // Between two servers.
  /^(-- Dumped from database version) .*$/,
  /^(\\(?:un)?restrict) \w+$/,
  /^(-- (?:Started|Completed) on) .*$/,
  /^(-- TOC entry) \d+ \(class \d+ OID \d+\)$/,
  /^(-- Dependencies:) [\d ]+$/,
];

function normaliseLine(line: string): string {
  return BY_NATURE.reduce((normalised, pattern) => normalised.replace(pattern, '$1'), line);
}

const DATA_BEGINS = /^-- Data for Name: /;
const DATA_ENDS = /^-- (?:Name: |PostgreSQL database dump complete)/;

/**
 * The lines of a script, with the rows of each table as one item that does not depend on their order: a dump has
 * them as they lie in the heap, and a restored heap need not lie alike (a row that does not fit into a page goes to
 * another one, and later ones fill the gap: src/backend/access/heap/hio.c, RelationGetBufferForTuple).
 */
async function* normaliseScript(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let rows: RowSet | undefined;
  for await (const line of lines) {
    if (rows && (DATA_BEGINS.test(line) || DATA_ENDS.test(line))) {
      yield rows.describe();
      rows = undefined;
    }
    if (DATA_BEGINS.test(line)) rows = new RowSet();
    if (rows) rows.add(normaliseLine(line));
    else yield normaliseLine(line);
  }
  if (rows) yield rows.describe();
}

/** Lines as a multiset, in constant memory: the sum of their digests. */
class RowSet {
  private sum = 0n;
  private count = 0;

  /** Of several rows in one INSERT the last ends with a semicolon, whichever it is. */
  add(line: string): void {
    const digest = createHash('sha256').update(line.replace(/[,;]$/, ''), 'latin1').digest('hex');
    this.sum = BigInt.asUintN(256, this.sum + BigInt(`0x${digest}`));
    this.count++;
  }

  describe(): string {
    return `${this.count} lines of rows, digest ${this.sum.toString(16).padStart(64, '0')}`;
  }
}
