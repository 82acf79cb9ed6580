import type { MutantReport, SelftestResult, Standing } from '../fuzz/selftest/selftest-result.ts';
import type { Killer } from '../fuzz/selftest/try-mutant.ts';
import type { CheckId } from '../verdict/check.ts';
import type { Conclusion } from '../fuzz/conclusion.ts';
import { conclusionLine } from './conclusion-text.ts';
import type { Palette } from './palette.ts';

/** What the lines need to know besides the results. */
export interface KillMatrixView {
  readonly checks: readonly CheckId[];
  readonly firstFour: readonly CheckId[];
  readonly standingOf: (report: MutantReport) => Standing;
  readonly isFlaw: (report: MutantReport) => boolean;
  readonly missedByFirstFour: (report: MutantReport) => boolean;
}

const NAME_WIDTH = 34;

/** The kill matrix, a line for each mutant, in at most 100 columns. */
export function killMatrixLines(
  { reports, cases }: Pick<SelftestResult, 'reports' | 'cases'>,
  view: KillMatrixView,
  palette: Palette,
): string[] {
  const codes = new Map(view.checks.map((check) => [check, codeOf(check)]));
  const header = `  ${'mutant'.padEnd(NAME_WIDTH)} ${[...codes.values(), 'to'].join(' ')}  the four   cases`;
  const legend = [...codes].map(([check, code]) => `${code} ${check}`);
  return [
    `  ${legend.slice(0, 4).join(', ')}: the four first checks`,
    `  ${legend.slice(4, 8).join(', ')}`,
    `  ${[...legend.slice(8), 'to the exit status of a tool'].join(', ')}`,
    '',
    header,
    ...reports.map((report) => matrixLine(report, cases, view, palette)),
  ];
}

/** The first letters of a check's words: `rc`, `vw`; of a single word the first two. */
function codeOf(check: CheckId): string {
  const [first = '', second] = check.split('-');
  return second === undefined ? first.slice(0, 2) : `${first[0]}${second[0]}`;
}

function matrixLine(report: MutantReport, cases: number, view: KillMatrixView, palette: Palette): string {
  const { mutant, fixed } = report;
  const killers = new Set<Killer>(fixed?.killedBy);
  const cells = [...view.checks, 'tool' as const].map((killer) => (killers.has(killer) ? ' ×' : ' ·'));
  const name = mutant.id.padEnd(NAME_WIDTH);
  const four = fourWords(report, view).padEnd(10);
  const colour = view.isFlaw(report) ? palette.red : (text: string) => text;
  return colour(`  ${name} ${cells.join(' ')}  ${four} ${casesWords(report, cases)}`);
}

function fourWords(report: MutantReport, view: KillMatrixView): string {
  const standing = view.standingOf(report);
  if (standing !== 'killed') return standing;
  return view.missedByFirstFour(report) ? 'miss it' : 'see it';
}

/** How many drawn cases it took to kill it, those counted that gave it nothing to strike at. */
function casesWords({ mutant, drawn }: MutantReport, cases: number): string {
  if (mutant.unseen !== undefined || cases === 0) return '-';
  if (drawn.struckAt === undefined) return `> ${cases}`;
  return drawn.killedBy.length === 0 ? 'survived' : String(drawn.struckAt + 1);
}

export interface SelftestEnd {
  readonly view: KillMatrixView;
  readonly conclusion: Conclusion;
  readonly palette: Palette;
}

/** The end of a self-test: what the four alone would have missed, what failed, and the verdict in the last line. */
export function selftestSummary(
  { reports, cases, seed, milliseconds }: SelftestResult,
  { view, conclusion, palette }: SelftestEnd,
): string[] {
  const count = (standing: Standing): number =>
    reports.filter((report) => view.standingOf(report) === standing).length;
  const missed = reports.filter(view.missedByFirstFour).length;
  const flaws = reports.filter(view.isFlaw);
  const notTried = reports.filter((report) => view.standingOf(report) === 'not tried');
  return [
    '',
    `${reports.length} mutants: ${count('killed')} killed, ${count('unseen')} that nothing can see; ${(milliseconds / 1000).toFixed(1)} s`,
    `the four first checks and the tools’ exit status alone would have missed ${missed}`,
    ...(cases === 0
      ? []
      : [`cases: how many drawn ones it took to kill it, of at most ${cases} of seed ${seed}`]),
    ...notTried.map(({ mutant }) => palette.yellow(`  not tried: ${mutant.id} needs a superuser`)),
    ...flaws.map((report) => palette.red(flawLine(report, view))),
    conclusionLine(conclusion, palette),
  ];
}

function flawLine(report: MutantReport, { standingOf }: KillMatrixView): string {
  const { mutant, drawn, fixed } = report;
  const words: Partial<Record<Standing, string>> = {
    'not struck': 'did not change anything on the fixed case, so that nothing is known of it',
    survived: `survived ${fixed?.killedBy.length === 0 ? 'on the fixed case' : `on drawn case ${drawn.struckAt}`}`,
    seen: 'was seen, though it should be by nature unseen',
  };
  return `  ${mutant.id}: ${words[standingOf(report)]}: ${mutant.what}`;
}
