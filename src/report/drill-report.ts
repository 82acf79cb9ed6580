import type { DrillResult } from '../drill/drill-result.ts';
import { originOf, reportedChecks, stagesOf, type ReportOrigin } from './build-report.ts';
import { explainDrill, isGood } from './drill-text.ts';
import { REPORT_FORMAT, type Report, type ReportFinding } from './report.ts';

export interface DrillReportParts extends ReportOrigin {
  readonly result: DrillResult;
  readonly milliseconds: number;
  readonly run: Report['run'];
  /** What makes two findings one. */
  readonly signature: string;
}

/** The report of a drill: its checks, what they leave unproven, and how long each stage took. */
export function drillReport(parts: DrillReportParts): Report {
  const { result, milliseconds, run, ...origin } = parts;
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
    findings: verdict === 'faithful' || verdict === 'sound' ? [] : [drillFinding(parts, verdict)],
    checks: reportedChecks(result.checks),
    not_proven: [...result.unproven],
    stages: stagesOf(result.steps),
    coverage: { classes: [], floors: [], judged: false },
    properties: [{ name: 'drill', promise: PROMISE }],
    cases: [],
  };
}

const PROMISE = 'The dump can be restored, and every check that can be made of it holds.';

function drillFinding(
  { result, signature, run }: DrillReportParts,
  verdict: ReportFinding['verdict'],
): ReportFinding {
  const { refusal, checks } = result;
  return {
    name: 'the dump',
    signature,
    property: 'drill',
    summary: explainDrill(result),
    expected: 'a dump that can be restored, and is whole',
    verdict,
    ...(refusal === undefined ? {} : { stage: refusal.stage, error_line: refusal.firstErrorLine }),
    checks: reportedChecks(checks.filter(({ outcome }) => outcome === 'failed')),
    count: 1,
    words: [],
    replay: run.repeat,
  };
}
