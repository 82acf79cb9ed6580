import junit, { type Builder, type TestSuite } from 'junit-report-builder';
import { groupBy } from '../text/group.ts';
import { visible } from '../text/visible.ts';
import { caseName } from './case-name.ts';
import type { Report, ReportCase, ReportFinding } from './report.ts';

/** Viewers are slow with more. Beyond it, the cases of a suite that went as predicted are one. */
const MOST_CASES = 5000;

/**
 * `junit.xml`: a suite for each property, a test case for each case; findings fail, what could not be judged is an
 * error. A first suite holds what the whole run comes to, so that a red run is red without a red case.
 */
export function junitText(report: Report): string {
  // The package's types describe its CommonJS form, in which the builder is a member of what is imported.
  const builder = (junit as unknown as Builder).newBuilder().name('restoreproof');
  for (const part of report.parts ?? [report]) addConclusion(builder.testSuite(), part);
  let suite: TestSuite | undefined;
  const mutants = (): TestSuite => (suite ??= builder.testSuite().name('kill matrix'));
  const findings = new Map(report.findings.map((found) => [found.signature, found]));
  const short = report.cases.length > MOST_CASES;
  for (const [property, cases] of groupBy(report.cases, (trial) => trial.property)) {
    const promise = report.properties.find(({ name }) => name === property)?.promise;
    const tested = builder.testSuite().name(property);
    if (promise !== undefined) tested.property('promise', promise);
    tested.time(secondsOf(cases));
    const [told, untold] = short ? divide(cases) : [cases, []];
    for (const trial of told) addCase(tested, trial, findings);
    if (untold.length > 0) {
      const testCase = tested.testCase().className(property).name(`${untold.length} cases as predicted`);
      testCase.time(secondsOf(untold));
    }
  }
  for (const mutant of report.kill_matrix?.mutants ?? []) addMutant(mutants(), mutant);
  return builder.build();
}

function addConclusion(
  suite: TestSuite,
  { command, conclusion, milliseconds, run }: Pick<Report, 'command' | 'conclusion' | 'milliseconds' | 'run'>,
): void {
  suite.name(`restoreproof ${command}`).time(seconds(milliseconds));
  suite.property('repeat', run.repeat);
  const testCase = suite.testCase().className('restoreproof').name(`the whole run of ${command}`);
  const sentence = visible(conclusion.sentence);
  if (conclusion.verdict === 'fail') testCase.failure(sentence, 'fail');
  if (conclusion.verdict === 'no-verdict') testCase.error(sentence, 'no-verdict');
}

type Mutant = NonNullable<Report['kill_matrix']>['mutants'][number];

function addMutant(suite: TestSuite, { id, what, strikes, standing, as_it_has_to: fine }: Mutant): void {
  const testCase = suite.testCase().className(`kill matrix: ${strikes}`).name(id);
  if (!fine) testCase.failure(visible(what), standing);
}

function addCase(suite: TestSuite, trial: ReportCase, findings: ReadonlyMap<string, ReportFinding>): void {
  const testCase = suite
    .testCase()
    .className(trial.property)
    .name(visible(caseName(trial)));
  testCase.time(seconds(trial.milliseconds));
  if (trial.verdict === 'no-verdict') testCase.error(visible(trial.why ?? ''), 'no-verdict');
  if (trial.finding === undefined) return;
  const found = findings.get(trial.finding);
  testCase.failure(visible(found?.summary ?? trial.finding), trial.verdict);
  if (found) testCase.stacktrace(describe(found));
}

function describe({ expected, verdict, error_line: error, checks, replay }: ReportFinding): string {
  const lines = [
    `expected: ${expected}`,
    `seen: ${verdict}`,
    ...(error === undefined ? [] : [`error: ${error}`]),
    ...checks.flatMap(({ id, summary, source, restored }) => [
      `${id}: ${summary}`,
      `  source:   ${shorten(source)}`,
      `  restored: ${shorten(restored)}`,
    ]),
    `replay: ${replay}`,
  ];
  // The library's CDATA survives one end of itself and no more.
  return lines.map((line) => visible(line).replaceAll(']]>', String.raw`]]\u003e`)).join('\n');
}

const LONGEST_VALUE = 2000;

function shorten(value = 'nothing'): string {
  return value.length > LONGEST_VALUE
    ? `${value.slice(0, LONGEST_VALUE)}… (${value.length} characters)`
    : value;
}

function divide(cases: readonly ReportCase[]): [ReportCase[], ReportCase[]] {
  const telling = ({ finding, verdict }: ReportCase): boolean =>
    finding !== undefined || verdict === 'no-verdict';
  return [cases.filter(telling), cases.filter((trial) => !telling(trial))];
}

function secondsOf(cases: readonly ReportCase[]): number {
  return seconds(cases.reduce((sum, { milliseconds }) => sum + milliseconds, 0));
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
