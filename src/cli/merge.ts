import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { colours } from './colours.ts';
import { flewInVain } from '../fuzz/canary.ts';
import { UsageError } from '../errors.ts';
import { concludeRun, exitCodeOf } from '../fuzz/conclusion.ts';
import { coverageOf, floorsOf, missedFloors } from '../fuzz/coverage.ts';
import { reportedCoverage } from '../report/build-report.ts';
import { mergeParts } from '../report/merge-parts.ts';
import { mergeReports, type MergedRun, type ReadReport } from '../report/merge-reports.ts';
import { mergeLines } from '../report/merge-text.ts';
import { readReportFile } from '../report/report-file.ts';
import { REPORT_FORMAT, type Report } from '../report/report.ts';
import { tallyTables } from '../report/tally-tables.ts';
import { tallyLines } from '../report/tally-text.ts';
import { shellWord } from '../text/shell-word.ts';
import { programName } from './program-name.ts';
import { publishReport } from './publish-report.ts';
import type { Terminal } from './terminal.ts';
import { requireDirectoryPlace } from './write-file.ts';

/** `restoreproof merge`: the shards of one run as one, beside it what other commands reported. Returns the exit code. */
export async function merge(
  paths: readonly string[],
  { report: directory }: { report?: string | undefined },
  terminal: Terminal,
): Promise<number> {
  if (directory !== undefined) await requireDirectoryPlace(directory, '--report');
  const reports: ReadReport[] = [];
  for (const path of paths) {
    const file = (await isDirectory(path)) ? join(path, 'report.json') : path;
    reports.push({ file, report: await readReportFile(file) });
  }
  const report = mergeAll(reports);
  const conclusion = await publishReport(report, { directory }, terminal);
  for (const line of tallyLines(report.tables ?? [])) terminal.note(line);
  for (const line of mergeLines({ ...report, conclusion }, colours)) terminal.print(line);
  return exitCodeOf(conclusion);
}

/** Shards of `fuzz` become its one report; reports of other commands stand beside it. */
function mergeAll(reports: readonly ReadReport[]): Report {
  const merged = reports.find(({ report }) => report.command === 'merge');
  if (merged) {
    throw new UsageError({
      what: `${merged.file} is merged already`,
      next: 'name the reports it was made of',
    });
  }
  const shards = reports.filter(({ report }) => report.command === 'fuzz');
  const others = reports.filter(({ report }) => report.command !== 'fuzz');
  if (others.length === 0) return mergedReport(mergeReports(shards));
  const [{ file } = { file: '' }] = shards;
  const fuzz = shards.length === 0 ? [] : [{ file, report: mergedReport(mergeReports(shards)) }];
  const program = programName();
  const repeat = [`${program} merge`, ...reports.map((read) => shellWord(read.file))].join(' ');
  return mergeParts([...fuzz, ...others], { program, repeat, options: {} });
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

/** Floors are held against the union, which no shard could do alone. */
function mergedReport({ first, cases, findings, missing, ...merged }: MergedRun): Report {
  const outcomes = cases.map(({ index, name = '', labels, verdict }) => ({
    origin: index === undefined ? { corpus: name } : { index },
    labels,
    verdict,
  }));
  const classes = coverageOf(outcomes);
  const perThousand = first.coverage.floors.map(({ label, per_thousand: least }) => [label, least] as const);
  const floors = floorsOf(outcomes, Object.fromEntries(perThousand), merged.canaries.length);
  const positions = new Map(classes.map(({ label }, position) => [label, position]));
  const conclusion = concludeRun({
    tried: cases.length + merged.canaries.length,
    withoutVerdict: cases.filter(({ verdict }) => verdict === 'no-verdict').length,
    findings: findings.length,
    interrupted: merged.run.end?.includes('interrupted') ?? false,
    missed: missing.length > 0 ? 0 : missedFloors(floors).length,
    missingShards: missing,
    canariesInVain: flewInVain(merged.canaries),
  });
  return {
    format: REPORT_FORMAT,
    command: 'fuzz',
    conclusion,
    restoreproof: first.restoreproof,
    ...(first.engine ? { engine: first.engine } : {}),
    ...merged,
    findings: [...findings],
    tables: tallyTables(cases),
    coverage: reportedCoverage(classes, floors),
    properties: first.properties,
    cases: cases.map(({ labels, ...trial }) => ({
      ...trial,
      classes: labels.flatMap((label) => positions.get(label) ?? []),
    })),
  };
}
