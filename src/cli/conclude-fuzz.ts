import { colours } from './colours.ts';
import { USUAL_MAX_ROWS } from '../case/world.ts';
import { flewInVain } from '../fuzz/canary.ts';
import { classRates, populationOf } from '../fuzz/class-rates.ts';
import { concludeRun, exitCodeOf } from '../fuzz/conclusion.ts';
import { coverageOf, floorsOf, missedFloors } from '../fuzz/coverage.ts';
import type { FuzzResult } from '../fuzz/outcome.ts';
import { fuzzReport, type FuzzReportParts, type ReportOrigin } from '../report/build-report.ts';
import type { CommandWords } from '../report/command-words.ts';
import { coverageLines, conclusionLines, coveredLines } from '../report/fuzz-text.ts';
import type { Report } from '../report/report.ts';
import { publishReport } from './publish-report.ts';
import type { Terminal } from './terminal.ts';

/** What a run was asked for, as far as its end depends on it. */
export interface FuzzEnd {
  readonly explore: boolean;
  /** The name of the subject. */
  readonly subject: string;
  readonly property: readonly string[];
  readonly maxRows: number;
  /** Whether each class is printed with its verdicts. */
  readonly coverage: boolean;
  readonly report?: string | undefined;
  readonly origin: ReportOrigin;
  readonly run: Omit<Report['run'], 'end'>;
  readonly words: CommandWords;
  readonly properties: FuzzReportParts['properties'];
  /** Names of the properties that cannot be tried on this server or subject. */
  readonly leftOut: readonly string[];
}

/** Says what a run comes to, on the terminal and in its report. Returns the exit code. */
export async function concludeFuzz(result: FuzzResult, end: FuzzEnd, terminal: Terminal): Promise<number> {
  const coverage = coverageOf(result.outcomes);
  // The floors are for a run over everything.
  const held = floorsOf(
    result.outcomes,
    end.property.length === 0 ? floorsFor(end) : {},
    result.canaries.length,
  );
  // A shard is a part: floors and canaries are for the whole, which `merge` judges.
  const floors = end.run.shards ? { ...held, judged: false } : held;
  const missed = missedFloors(floors);
  const concluded = concludeRun({
    tried: result.outcomes.length + result.canaries.length,
    withoutVerdict: result.outcomes.filter(({ verdict }) => verdict === 'no-verdict').length,
    findings: result.findings.length,
    unwritten: result.findings.filter(({ unwritten }) => unwritten !== undefined).length,
    interrupted: result.end === 'interrupted',
    missed: missed.length,
    canariesInVain: end.run.shards === undefined && flewInVain(result.canaries),
  });
  if (end.coverage) for (const line of coverageLines(coverage)) terminal.print(line);
  const report = fuzzReport({ ...end, ...end.origin, result, conclusion: concluded, coverage, floors });
  const conclusion = await publishReport(report, { directory: end.report }, terminal);
  const summary = { result, coverage, missed, leftOut: end.leftOut, conclusion, words: end.words };
  for (const line of coveredLines(summary, colours)) terminal.note(line);
  for (const line of conclusionLines(summary, colours)) terminal.print(line);
  return exitCodeOf(conclusion);
}

/** Of workloads that may be larger than usual one in ten is, and belongs to other classes. */
const SHARE_OF_USUAL_SIZES = 0.9;

function floorsFor({ subject, explore, maxRows }: FuzzEnd): Record<string, number> {
  const share = maxRows > USUAL_MAX_ROWS ? SHARE_OF_USUAL_SIZES : 1;
  const rates = Object.entries(classRates(populationOf({ subject, explore })));
  return Object.fromEntries(rates.map(([label, rate]) => [label, rate * share]));
}
