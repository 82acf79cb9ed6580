import { UsageError } from '../errors.ts';
import { groupBy } from '../text/group.ts';
import { mergeKillMatrices } from './merge-kill-matrices.ts';
import { oneOfEachSignature, type ReadReport } from './merge-reports.ts';
import { REPORT_FORMAT, type Report, type ReportCase } from './report.ts';

/**
 * Reports of several commands as one: each is a part with its own conclusion, and their cases, findings and kill
 * matrices are put together. It passes where all of them do.
 * @throws UsageError where they are not of one version, or one of them is there twice
 */
export function mergeParts(reads: readonly ReadReport[], run: Report['run']): Report {
  requireOneVersion(reads);
  requireDistinct(reads);
  const reports = reads.map(({ report }) => report);
  const [first] = reports;
  if (!first)
    throw new UsageError({ what: 'no report is named', next: 'name the report.json of each command' });
  const classes = sumOfClasses(reports);
  const matrices = reports.flatMap(({ kill_matrix: matrix }) => matrix ?? []);
  const deep = reports.find(({ command }) => command === 'fuzz');
  return {
    format: REPORT_FORMAT,
    command: 'merge',
    conclusion: concludeParts(reports),
    restoreproof: first.restoreproof,
    started_at: reports.map(({ started_at: at }) => at).sort()[0] ?? first.started_at,
    milliseconds: Math.max(...reports.map(({ milliseconds }) => milliseconds)),
    run,
    parts: reports.map(partOf),
    findings: oneOfEachSignature(reports.flatMap(({ findings }) => findings)),
    ...(deep?.canaries ? { canaries: deep.canaries } : {}),
    ...(deep?.tables ? { tables: deep.tables } : {}),
    ...(matrices.length > 0 ? { kill_matrix: mergeKillMatrices(matrices) } : {}),
    coverage: {
      classes,
      floors: deep?.coverage.floors ?? [],
      judged: deep?.coverage.judged ?? false,
    },
    properties: [
      ...groupBy(
        reports.flatMap(({ properties }) => properties),
        ({ name }) => name,
      ).values(),
    ].flatMap(([one]) => one ?? []),
    cases: casesOf(reports, classes),
  };
}

function partOf({ command, conclusion, started_at, milliseconds, engine, run, not_proven }: Report) {
  if (command === 'merge') throw new Error('it was refused before');
  return {
    command,
    conclusion,
    started_at,
    milliseconds,
    ...(engine ? { engine } : {}),
    run,
    ...(not_proven ? { not_proven } : {}),
  };
}

/** A finding outweighs what could not be judged, and that outweighs a pass. */
function concludeParts(reports: readonly Report[]): Report['conclusion'] {
  const verdict =
    (['fail', 'no-verdict'] as const).find((bad) =>
      reports.some(({ conclusion }) => conclusion.verdict === bad),
    ) ?? 'pass';
  const telling = reports.filter(({ conclusion }) => conclusion.verdict !== 'pass');
  const words = telling.map(({ command, conclusion }) => `${command}: ${conclusion.sentence}`);
  const commands = [...new Set(reports.map(({ command }) => command))].join(', ');
  return { verdict, sentence: words.join('; ') || `every part is as it has to be: ${commands}` };
}

type Classes = Report['coverage']['classes'];

/** What occurred in all of them; classes are counted over cases, and each case is in one report. */
function sumOfClasses(reports: readonly Report[]): Classes {
  const all = groupBy(
    reports.flatMap(({ coverage }) => coverage.classes),
    ({ label }) => label,
  );
  return [...all]
    .map(([label, alike]) => ({
      label,
      cases: alike.reduce((sum, { cases }) => sum + cases, 0),
      verdicts: sumOfCounts(alike.map(({ verdicts }) => verdicts)),
    }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}

function sumOfCounts(counted: readonly Classes[number]['verdicts'][]): Classes[number]['verdicts'] {
  const pairs = counted.flatMap((verdicts) => Object.entries(verdicts));
  const sums = [...groupBy(pairs, ([verdict]) => verdict)].map(([verdict, counts]) => [
    verdict,
    counts.reduce((sum, [, count]) => sum + count, 0),
  ]);
  return Object.fromEntries(sums) as Classes[number]['verdicts'];
}

function casesOf(reports: readonly Report[], classes: Classes): ReportCase[] {
  const positions = new Map(classes.map(({ label }, position) => [label, position]));
  return reports.flatMap(({ cases, coverage }, part) =>
    cases.map((trial) => ({
      ...trial,
      part,
      classes: trial.classes.flatMap((old) => positions.get(coverage.classes[old]?.label ?? '') ?? []),
    })),
  );
}

function requireOneVersion(reads: readonly ReadReport[]): void {
  const [head, ...others] = reads;
  for (const { file, report } of others) {
    if (report.restoreproof === head?.report.restoreproof) continue;
    throw new UsageError({
      what: `${file} is of another version of restoreproof than ${head?.file}`,
      why: `${report.restoreproof} is not ${head?.report.restoreproof}`,
      next: 'merge reports of one version; others may mean other checks',
    });
  }
}

function requireDistinct(reads: readonly ReadReport[]): void {
  const same = groupBy(reads, ({ report: { command, started_at: at, run } }) =>
    JSON.stringify([command, at, run.repeat]),
  );
  for (const [first, second] of same.values()) {
    if (!first || !second) continue;
    throw new UsageError({
      what: `one report is there twice: ${first.file} and ${second.file}`,
      next: 'name each report once',
    });
  }
}
