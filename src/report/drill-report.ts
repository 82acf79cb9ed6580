import type { DrillResult } from '../drill/drill-result.ts';
import { originOf, reportedChecks, stagesOf, type ReportOrigin } from './build-report.ts';
import { explainDrill, isGood } from './drill-text.ts';
import { REPORT_FORMAT, type Report } from './report.ts';

export interface DrillReportParts extends ReportOrigin {
  readonly result: DrillResult;
  readonly milliseconds: number;
  readonly run: Report['run'];
}

/** The report of a drill: its checks, what they leave unproven, and how long each stage took. */
export function drillReport({ result, milliseconds, run, ...origin }: DrillReportParts): Report {
  const words = {
    faithful: 'the dump was restored, and it is what its source was',
    sound: 'the dump was restored, and its audit trail is whole in itself',
  } as const;
  const { verdict } = result;
  const good = verdict === 'faithful' || verdict === 'sound' ? words[verdict] : undefined;
  return {
    format: REPORT_FORMAT,
    command: 'drill',
    conclusion: {
      verdict: isGood(verdict) ? 'pass' : 'fail',
      sentence: good ?? explainDrill(result),
    },
    ...originOf(origin),
    milliseconds,
    run,
    findings: [],
    checks: reportedChecks(result.checks),
    not_proven: [...result.unproven],
    stages: stagesOf(result.steps),
    coverage: { classes: [], floors: [], judged: false },
    properties: [],
    cases: [],
  };
}
