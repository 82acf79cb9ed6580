import type { Case } from '../case/case.ts';
import type { ClassCount } from '../fuzz/coverage.ts';
import type { Finding, Property } from '../fuzz/property.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { originOf, reportedChecks, reportedCoverage, stagesOf, type ReportOrigin } from './build-report.ts';
import { describeOptions } from './describe-options.ts';
import { REPORT_FORMAT, type Report, type ReportFinding } from './report.ts';

/** What the report of a command that tries one case is made of. */
export interface TrialReportParts extends ReportOrigin {
  readonly command: Report['command'];
  /** What the case is called, and the promise it is judged by. */
  readonly name: string;
  readonly property: Pick<Property, 'name' | 'promise'>;
  readonly trial: Case;
  readonly result: TrialResult;
  /** Absent: faithful, as it has to be. */
  readonly finding?: (Finding & { readonly signature: string }) | undefined;
  readonly coverage: readonly ClassCount[];
  readonly milliseconds: number;
  readonly run: Report['run'];
}

/** The report of one trial, such as the fixed cycle, that has to be faithful. */
export function trialReport(parts: TrialReportParts): Report {
  const { command, name, property, result, finding, coverage, milliseconds, run } = parts;
  const at = Math.round(milliseconds * 10) / 10;
  return {
    format: REPORT_FORMAT,
    command,
    conclusion: finding
      ? { verdict: 'fail', sentence: finding.summary }
      : { verdict: 'pass', sentence: 'every check holds' },
    ...originOf(parts),
    milliseconds,
    run,
    findings: finding ? [trialFinding(parts, finding)] : [],
    checks: reportedChecks(result.checks),
    coverage: reportedCoverage(coverage, { floors: [], judged: false }),
    properties: [{ name: property.name, promise: property.promise }],
    cases: [
      {
        name,
        property: property.name,
        predicted: 'faithful',
        verdict: result.verdict,
        ...(finding ? { finding: finding.signature } : {}),
        at,
        milliseconds: at,
        stages: stagesOf(result.steps),
        classes: [...coverage.keys()],
      },
    ],
  };
}

function trialFinding(
  { name, property, trial, run }: TrialReportParts,
  finding: Finding & { readonly signature: string },
): ReportFinding {
  return {
    name,
    signature: finding.signature,
    property: property.name,
    summary: finding.summary,
    expected: finding.expected,
    verdict: finding.verdict,
    ...(finding.stage === undefined ? {} : { stage: finding.stage }),
    ...(finding.errorLine === undefined ? {} : { error_line: finding.errorLine }),
    checks: reportedChecks(finding.checks),
    count: 1,
    case: { ...trial },
    words: describeOptions(trial),
    replay: run.repeat,
  };
}
