import colours from 'picocolors';
import { COVERAGE_FLOORS } from '../case/classes.ts';
import { WORKLOAD_CLASSES } from '../case/classify-workload.ts';
import { USUAL_MAX_ROWS } from '../case/world.ts';
import { flewInVain } from '../fuzz/canary.ts';
import { concludeRun, exitCodeOf } from '../fuzz/conclusion.ts';
import { coverageOf, floorsOf, missedFloors } from '../fuzz/coverage.ts';
import type { FuzzResult } from '../fuzz/outcome.ts';
import { fuzzReport, type FuzzReportParts, type ReportOrigin } from '../report/build-report.ts';
import { coverageLines, conclusionLines, coveredLines } from '../report/fuzz-text.ts';
import type { Report } from '../report/report.ts';
import { publishReport } from './publish-report.ts';
import type { Terminal } from './terminal.ts';

/** What a run was asked for, as far as its end depends on it. */
export interface FuzzEnd {
  readonly explore: boolean;
  readonly property: readonly string[];
  readonly maxRows: number;
  /** Whether each class is printed with its verdicts. */
  readonly coverage: boolean;
  readonly report?: string | undefined;
  readonly origin: ReportOrigin;
  readonly run: Omit<Report['run'], 'end'>;
  readonly properties: FuzzReportParts['properties'];
  /** Names of the properties that cannot be tried on this server. */
  readonly leftOut: readonly string[];
}

/** Says what a run comes to, on the terminal and in its report. Returns the exit code. */
export async function concludeFuzz(result: FuzzResult, end: FuzzEnd, terminal: Terminal): Promise<number> {
  const coverage = coverageOf(result.outcomes);
  // The floors are for a run over everything.
  const held = floorsOf(result.outcomes, end.property.length === 0 ? floorsFor(end) : {});
  // A shard is a part: the floors are for the whole, which `merge` judges.
  const floors = end.run.shards ? { ...held, judged: false } : held;
  const missed = missedFloors(floors);
  const conclusion = concludeRun({
    tried: result.outcomes.length + result.canaries.length,
    withoutVerdict: result.outcomes.filter(({ verdict }) => verdict === 'no-verdict').length,
    findings: result.findings.length,
    unwritten: result.findings.filter(({ unwritten }) => unwritten !== undefined).length,
    interrupted: result.end === 'interrupted',
    missed: missed.length,
    canariesInVain: flewInVain(result.canaries),
  });
  const { program } = end.run;
  if (end.coverage) for (const line of coverageLines(coverage)) terminal.print(line);
  const summary = { result, coverage, missed, leftOut: end.leftOut, conclusion, program };
  for (const line of coveredLines(summary, colours)) terminal.note(line);
  for (const line of conclusionLines(summary, colours)) terminal.print(line);
  const report = fuzzReport({ ...end, ...end.origin, result, conclusion, coverage, floors });
  await publishReport(report, end.report, terminal);
  return exitCodeOf(conclusion);
}

/** Every class of value has to occur at all, and those of plans as often as their floors say. */
function floorsFor({ maxRows, explore }: FuzzEnd): Record<string, number> {
  // The floors of plans are for the whole space, of which a run over all properties draws a part.
  const share = explore ? 1 : 0.5;
  const plans = Object.entries(COVERAGE_FLOORS).map(([label, floor]) => [label, floor * share]);
  const drawn = WORKLOAD_CLASSES.filter((label) => label !== 'rows:many' || maxRows > USUAL_MAX_ROWS);
  return Object.fromEntries([...drawn.map((label) => [label, 1]), ...plans]) as Record<string, number>;
}
