import type { MutantReport, SelftestResult, Standing } from '../fuzz/selftest/selftest-result.ts';
import type { CheckId } from '../verdict/check.ts';
import { originOf, type ReportOrigin } from './build-report.ts';
import { REPORT_FORMAT, type Report, type ReportFinding } from './report.ts';

export interface SelftestReportParts extends ReportOrigin {
  readonly result: SelftestResult;
  readonly checks: readonly CheckId[];
  readonly firstFour: readonly CheckId[];
  readonly standingOf: (report: MutantReport) => Standing;
  readonly isFlaw: (report: MutantReport) => boolean;
  readonly missedByFirstFour: (report: MutantReport) => boolean;
  readonly run: Report['run'];
  /** The command that tries one mutant again. */
  readonly again: (mutant: string) => string;
}

/** The report of a self-test: the kill matrix. */
export function selftestReport(parts: SelftestReportParts): Report {
  const { result, run } = parts;
  return {
    format: REPORT_FORMAT,
    command: 'selftest',
    conclusion: concludeSelftest(result.reports, parts),
    ...originOf(parts),
    milliseconds: result.milliseconds,
    run,
    findings: result.reports.filter(parts.isFlaw).map((flaw) => flawFinding(flaw, parts)),
    kill_matrix: {
      checks: [...parts.checks],
      first_four: [...parts.firstFour],
      mutants: result.reports.map((report) => mutantRow(report, parts)),
    },
    coverage: { classes: [], floors: [], judged: false },
    properties: [],
    cases: [],
  };
}

/** What a self-test comes to. */
export function concludeSelftest(
  reports: readonly MutantReport[],
  { isFlaw }: Pick<SelftestReportParts, 'isFlaw'>,
): Report['conclusion'] {
  const flaws = reports.filter(isFlaw).length;
  if (reports.length === 0) return { verdict: 'no-verdict', sentence: 'no mutant was tried' };
  if (flaws === 0) return { verdict: 'pass', sentence: 'every mutant that can be seen was killed' };
  return { verdict: 'fail', sentence: `${flaws} of ${reports.length} mutants did not end as they have to` };
}

/** A mutant that did not end as it has to. */
function flawFinding(flaw: MutantReport, { standingOf, again }: SelftestReportParts): ReportFinding {
  const { mutant } = flaw;
  const standing = standingOf(flaw);
  return {
    name: mutant.id,
    signature: `selftest--${standing.replace(' ', '-')}--${mutant.id}`,
    property: 'selftest',
    summary: `the mutant ${mutant.id} ${SEEN[standing]}: ${mutant.what}`,
    expected: mutant.unseen === undefined ? 'killed' : 'unseen',
    verdict: standing === 'survived' || standing === 'seen' ? standing : 'not struck',
    checks: [],
    count: 1,
    words: [],
    replay: again(mutant.id),
  };
}

const SEEN: Readonly<Record<string, string>> = {
  survived: 'was not seen by any check',
  seen: 'was seen, though nothing should be able to see it',
  'not struck': 'changed nothing',
};

type KillMatrix = NonNullable<Report['kill_matrix']>;

function mutantRow(report: MutantReport, parts: SelftestReportParts): KillMatrix['mutants'][number] {
  const { mutant, fixed, drawn } = report;
  return {
    id: mutant.id,
    what: mutant.what,
    strikes: mutant.strikes,
    standing: parts.standingOf(report),
    as_it_has_to: !parts.isFlaw(report),
    killed_by: [...(fixed?.killedBy ?? [])],
    missed_by_first_four: parts.missedByFirstFour(report),
    ...(mutant.unseen === undefined ? {} : { unseen_because: mutant.unseen }),
    drawn: {
      tried: drawn.tried,
      ...(drawn.struckAt === undefined ? {} : { struck_at: drawn.struckAt }),
      killed_by: [...drawn.killedBy],
    },
  };
}
