import type { ClassCount, Floors } from '../fuzz/coverage.ts';
import type { Conclusion } from '../fuzz/conclusion.ts';
import type { FuzzResult, Origin, Outcome, ReportedFinding } from '../fuzz/outcome.ts';
import type { Property } from '../fuzz/property.ts';
import type { Engine } from '../postgres/engine.ts';
import type { CheckResult } from '../verdict/check.ts';
import { nameOf } from './case-name.ts';
import { replayCommand, type CommandWords } from './command-words.ts';
import { describeOptions } from './describe-options.ts';
import {
  REPORT_FORMAT,
  type Report,
  type ReportCase,
  type ReportCheck,
  type ReportFinding,
} from './report.ts';
import { tallyTables } from './tally-tables.ts';

/** What every report says of the program and the machine. */
export type ReportOrigin = Pick<Report, 'restoreproof' | 'started_at'> & {
  readonly engine: Pick<Engine, 'kind' | 'description' | 'serverVersion' | 'tools'>;
};

/** What a report of `fuzz` is made of. */
export interface FuzzReportParts extends ReportOrigin {
  readonly result: FuzzResult;
  readonly conclusion: Conclusion;
  readonly coverage: readonly ClassCount[];
  readonly floors: Floors;
  readonly run: Omit<Report['run'], 'end'>;
  readonly words: CommandWords;
  readonly properties: readonly Pick<Property, 'name' | 'promise'>[];
}

/** The report of a run of `fuzz`. */
export function fuzzReport(parts: FuzzReportParts): Report {
  const { result, conclusion, coverage, floors, run, words, properties } = parts;
  return {
    format: REPORT_FORMAT,
    command: 'fuzz',
    conclusion,
    ...originOf(parts),
    milliseconds: result.milliseconds,
    run: { ...run, end: result.end },
    findings: result.findings.map((found) => reportedFinding(found, words)),
    canaries: [...result.canaries],
    tables: tallyTables(result.outcomes),
    coverage: reportedCoverage(coverage, floors),
    properties: properties.map(({ name, promise }) => ({ name, promise })),
    cases: reportedCases(result.outcomes, coverage),
  };
}

export function originOf({ restoreproof, started_at, engine }: ReportOrigin) {
  const { kind, description, serverVersion, tools } = engine;
  return {
    restoreproof,
    started_at,
    engine: { kind, description, server: serverVersion.text, tools: tools.version.text },
  };
}

export function reportedCoverage(
  classes: readonly ClassCount[],
  { floors, judged }: Floors,
): Report['coverage'] {
  return {
    classes: classes.map(({ label, cases, verdicts }) => ({ label, cases, verdicts: { ...verdicts } })),
    floors: floors.map(({ perThousand, ...floor }) => ({ ...floor, per_thousand: perThousand })),
    judged,
  };
}

/** Cases as a report has them; what occurred in them as positions in its coverage. */
export function reportedCases(outcomes: readonly Outcome[], coverage: readonly ClassCount[]): ReportCase[] {
  const positions = new Map(coverage.map(({ label }, position) => [label, position]));
  return outcomes.map((outcome) => reportedCase(outcome, positions));
}

function reportedCase(outcome: Outcome, positions: ReadonlyMap<string, number>): ReportCase {
  const { origin, property, predicted, verdict, why, signature, at, milliseconds, steps, labels, tallies } =
    outcome;
  return {
    ...placeOf(origin),
    property,
    predicted,
    verdict,
    ...(why === undefined ? {} : { why }),
    ...(signature === undefined ? {} : { finding: signature }),
    at: rounded(at),
    milliseconds: rounded(milliseconds),
    stages: stagesOf(steps),
    classes: labels.flatMap((label) => positions.get(label) ?? []),
    ...(tallies
      ? { tallies: tallies.map(({ details, ...tally }) => ({ ...tally, details: [...details] })) }
      : {}),
  };
}

/** A property may take several round trips: the times of one stage are added up. */
export function stagesOf(
  steps: readonly { readonly name: string; readonly milliseconds: number }[],
): Record<string, number> {
  const stages: Record<string, number> = {};
  for (const { name, milliseconds } of steps) stages[name] = rounded((stages[name] ?? 0) + milliseconds);
  return stages;
}

/** Tenths of milliseconds: more is noise, and makes files long. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

function placeOf(origin: Origin): { index: number } | { name: string } {
  return 'index' in origin ? { index: origin.index } : { name: nameOf(origin) };
}

export function reportedFinding(found: ReportedFinding, words: CommandWords): ReportFinding {
  const { finding, shrunk, reproduced, directory } = found;
  return {
    ...placeOf(found.origin),
    signature: found.signature,
    property: found.property,
    summary: finding.summary,
    expected: finding.expected,
    verdict: finding.verdict,
    ...(finding.stage === undefined ? {} : { stage: finding.stage }),
    ...(finding.errorLine === undefined ? {} : { error_line: finding.errorLine }),
    checks: reportedChecks(finding.checks.filter(({ outcome }) => outcome === 'failed')),
    count: found.count,
    shrunk: { trials: shrunk.trials, end: shrunk.end },
    case: { ...shrunk.trial },
    words: describeOptions(shrunk.trial),
    directory,
    replay: replayCommand(words, directory),
    ...(reproduced === undefined ? {} : { reproduced }),
  };
}

export function reportedChecks(checks: readonly CheckResult[]): ReportCheck[] {
  return checks.map(({ id, outcome, summary, source, restored }) => ({
    id,
    outcome,
    summary,
    ...(source === undefined ? {} : { source }),
    ...(restored === undefined ? {} : { restored }),
  }));
}
