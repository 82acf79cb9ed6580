import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { colours } from './colours.ts';
import { flewInVain } from '../fuzz/canary.ts';
import { concludeRun, exitCodeOf } from '../fuzz/conclusion.ts';
import { coverageOf, floorsOf, missedFloors } from '../fuzz/coverage.ts';
import { reportedCoverage } from '../report/build-report.ts';
import { mergeReports, type MergedRun, type ReadReport } from '../report/merge-reports.ts';
import { mergeLines } from '../report/merge-text.ts';
import { readReportFile } from '../report/report-file.ts';
import { REPORT_FORMAT, type Report } from '../report/report.ts';
import { tallyTables } from '../report/tally-tables.ts';
import { tallyLines } from '../report/tally-text.ts';
import { publishReport } from './publish-report.ts';
import type { Terminal } from './terminal.ts';
import { requireDirectoryPlace } from './write-file.ts';

/** `restoreproof merge`: the shards of one run as one. Returns the exit code. */
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
  const report = mergedReport(mergeReports(reports));
  const conclusion = await publishReport(report, { directory }, terminal);
  for (const line of tallyLines(report.tables ?? [])) terminal.note(line);
  for (const line of mergeLines({ ...report, conclusion }, colours)) terminal.print(line);
  return exitCodeOf(conclusion);
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
