import type { Conclusion } from '../fuzz/conclusion.ts';
import type { ClassCount } from '../fuzz/coverage.ts';
import type { Outcome } from '../fuzz/outcome.ts';
import type { Property } from '../fuzz/property.ts';
import { reportedCases, reportedCoverage, type ReportOrigin } from './build-report.ts';
import { REPORT_FORMAT, type Report, type ReportFinding } from './report.ts';

/** What a report of `matrix` is made of. */
export interface MatrixReportParts extends Omit<ReportOrigin, 'engine'> {
  readonly conclusion: Conclusion;
  /** Of all ways, one after another. */
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly ReportFinding[];
  readonly coverage: readonly ClassCount[];
  readonly property: Pick<Property, 'name' | 'promise'>;
  readonly milliseconds: number;
  readonly run: Report['run'];
}

/** The report of a matrix: the ways are classes of its cases, `versions:FROM → TO`. */
export function matrixReport(parts: MatrixReportParts): Report {
  const { conclusion, outcomes, findings, coverage, property, milliseconds, run } = parts;
  const { restoreproof, started_at } = parts;
  return {
    format: REPORT_FORMAT,
    command: 'matrix',
    conclusion,
    restoreproof,
    started_at,
    milliseconds,
    run,
    findings: [...findings],
    coverage: reportedCoverage(coverage, { floors: [], judged: false }),
    properties: [{ name: property.name, promise: property.promise }],
    cases: reportedCases(outcomes, coverage),
  };
}
