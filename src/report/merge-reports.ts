import { UsageError } from '../errors.ts';
import { groupBy } from '../text/group.ts';
import type { Report, ReportCase, ReportFinding } from './report.ts';

/** A report and the file it was read from. */
export interface ReadReport {
  readonly file: string;
  readonly report: Report;
}

/** The shards of one run, put together; what is counted over cases is for whoever counts. */
export interface MergedRun {
  readonly first: Report;
  readonly cases: readonly (ReportCase & { readonly labels: readonly string[] })[];
  readonly findings: readonly ReportFinding[];
  readonly canaries: NonNullable<Report['canaries']>;
  /** Shards whose report is not there. */
  readonly missing: readonly number[];
  readonly run: Report['run'];
  readonly started_at: string;
  /** From the start of a shard to its end, the longest: they run side by side. */
  readonly milliseconds: number;
}

/**
 * Puts the reports of shards together. What a shard found twice, or two shards found alike, is one finding.
 * @throws UsageError where they are not of one run, or one of them is there twice
 */
export function mergeReports(reports: readonly ReadReport[]): MergedRun {
  const [head] = reports;
  if (!head) throw new UsageError({ what: 'no report is named', next: 'name the report.json of each shard' });
  for (const each of reports) requireOneShard(each);
  for (const other of reports.slice(1)) requireSameRun(head, other);
  const numbers = reports.map(numberOf);
  const of = head.report.run.shards?.of ?? 1;
  requireDistinct(reports, numbers);
  const { report: first } = head;
  const ends = new Set(reports.flatMap(({ report }) => report.run.end ?? []));
  return {
    first,
    cases: reports.flatMap(casesOf).sort((a, b) => a.at - b.at),
    findings: mergeFindings(reports),
    canaries: reports.flatMap(({ report }) => report.canaries ?? []),
    missing: Array.from({ length: of }, (_, index) => index + 1).filter(
      (number) => !numbers.includes(number),
    ),
    run: {
      ...first.run,
      repeat: first.run.repeat.replace(/ --shard \S+/, ''),
      end: [...ends].join(', '),
      ...(of === 1 ? {} : { shards: { of, done: numbers.toSorted((a, b) => a - b) } }),
    },
    started_at: reports.map(({ report }) => report.started_at).sort()[0] ?? first.started_at,
    milliseconds: Math.max(...reports.map(({ report }) => report.milliseconds)),
  };
}

function numberOf({ report }: ReadReport): number {
  return report.run.shards?.done[0] ?? 1;
}

function requireOneShard({ file, report }: ReadReport): void {
  if ((report.run.shards?.done.length ?? 1) === 1) return;
  throw new UsageError({
    what: `${file} is merged already`,
    next: 'name the reports that fuzz --shard I/N --report DIR wrote',
  });
}

/** All that decides which cases a run has. Lanes and times may differ from machine to machine. */
function meaningOf({ restoreproof, engine, run, coverage }: Report): Record<string, unknown> {
  const { lanes: _, 'shrink-seconds': __, ...options } = run.options;
  return {
    'the version of restoreproof': restoreproof,
    'the seed': run.seed,
    'the version of the server': engine?.server,
    'the version of the client tools': engine?.tools,
    'the number of shards': run.shards?.of ?? 1,
    'the options': options,
    'what server and tools can do': run.world,
    'the floors': coverage.floors.map(({ label, per_thousand }) => [label, per_thousand]),
  };
}

function requireSameRun(head: ReadReport, other: ReadReport): void {
  const [one, two] = [meaningOf(head.report), meaningOf(other.report)];
  for (const [name, value] of Object.entries(one)) {
    const [left, right] = [JSON.stringify(value), JSON.stringify(two[name])];
    if (left === right) continue;
    throw new UsageError({
      what: `${other.file} is not of the same run as ${head.file}`,
      why: `${name}: ${right?.slice(0, 200)} is not ${left?.slice(0, 200)}`,
      next: 'merge reports of one seed, one version and the same options; others draw other cases',
    });
  }
}

function requireDistinct(reports: readonly ReadReport[], numbers: readonly number[]): void {
  for (const [number, found] of groupBy(reports.entries(), ([position]) => numbers[position])) {
    if (found.length === 1) continue;
    throw new UsageError({
      what: `shard ${number} is there ${found.length} times`,
      why: found.map(([, { file }]) => file).join(', '),
      next: 'name each shard once; a run without --shard is merged with nothing',
    });
  }
}

function casesOf(read: ReadReport): (ReportCase & { labels: string[] })[] {
  const { classes } = read.report.coverage;
  const shard = numberOf(read);
  return read.report.cases.map((trial) => ({
    ...trial,
    shard,
    labels: trial.classes.flatMap((position) => classes[position]?.label ?? []),
  }));
}

function mergeFindings(reports: readonly ReadReport[]): ReportFinding[] {
  return oneOfEachSignature(
    reports.flatMap((read) => read.report.findings.map((found) => ({ ...found, shard: numberOf(read) }))),
  );
}

/** Of one signature the smallest case is kept, and all are counted. */
export function oneOfEachSignature(findings: readonly ReportFinding[]): ReportFinding[] {
  return [...groupBy(findings, ({ signature }) => signature).values()].flatMap((alike) => {
    const sizes = alike.map((found) => JSON.stringify(found.case ?? {}).length);
    const smallest = alike[sizes.indexOf(Math.min(...sizes))];
    return smallest ? [{ ...smallest, count: alike.reduce((sum, { count }) => sum + count, 0) }] : [];
  });
}
