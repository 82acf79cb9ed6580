import type { MutantReport, SelftestResult } from '../fuzz/selftest/selftest-result.ts';
import type { Killer } from '../fuzz/selftest/try-mutant.ts';
import type { Struck } from '../mutants/mutant.ts';
import type { CheckId } from '../verdict/check.ts';

/** What the page needs to know besides the results. */
export interface KillMatrixParts {
  /** As the server calls its major version. */
  readonly major: number;
  readonly firstFour: readonly CheckId[];
  readonly alone: ReadonlyMap<CheckId, readonly string[]>;
  readonly neverAlone: Readonly<Partial<Record<CheckId, string>>>;
  readonly missedByFirstFour: (report: MutantReport) => boolean;
}

/** The page `docs/kill-matrix.md` as Markdown. */
export function renderKillMatrix(
  { reports }: Pick<SelftestResult, 'reports'>,
  parts: KillMatrixParts,
): string {
  const seen = reports.filter(({ mutant }) => mutant.unseen === undefined);
  const missed = seen.filter(parts.missedByFirstFour).length;
  const families = [...new Set(seen.map(({ mutant }) => mutant.strikes))];
  return [
    head(seen.length, missed, parts.major),
    ...families.flatMap((family) => familyPart(family, seen, parts)),
    ...unseenPart(reports),
    ...alonePart(parts),
  ].join('\n');
}

function head(mutants: number, missed: number, major: number): string {
  return `# Kill matrix

A green run is worth as much as the checks would have seen. A mutant is a realistic fault that is put into a trial on
purpose; a check, or a tool by its exit status, has to report it. This is which of them reports which mutant, on one
fixed case of nine rows, by PostgreSQL ${major}. \`restoreproof selftest\` tries them again, on drawn cases too.

${mutants} mutants, all of them killed. The four checks that a restore drill usually makes, and the exit status of the tools,
would have missed **${missed}** of them.

This page is written by \`src/report/kill-matrix-page.ts\` from a run of the self-test; a test holds it to that.
`;
}

const TITLES: Readonly<Record<Struck, string>> = {
  rows: 'Rows',
  chain: 'The chain',
  schema: 'The schema',
  behaviour: 'Behaviour',
  'dump file': 'The dump file',
  options: 'Options',
};

function familyPart(family: Struck, reports: readonly MutantReport[], parts: KillMatrixParts): string[] {
  return [
    `## ${TITLES[family]}`,
    '',
    '| mutant | what is wrong | the four see it by | other checks |',
    '|---|---|---|---|',
    ...reports.filter(({ mutant }) => mutant.strikes === family).map((report) => row(report, parts)),
    '',
  ];
}

function row({ mutant, fixed }: MutantReport, { firstFour }: KillMatrixParts): string {
  const killers = fixed?.killedBy ?? [];
  const four = killers.filter((killer) => isOneOf(firstFour, killer));
  const others = killers.filter((killer) => !isOneOf(firstFour, killer));
  const byFour = killers.includes('tool') ? 'the exit status' : list(four, '**nothing**');
  const byOthers = killers.includes('tool') ? '' : list(others, '');
  return `| \`${mutant.id}\` | ${mutant.what} | ${byFour} | ${byOthers} |`;
}

function isOneOf(checks: readonly CheckId[], killer: Killer): boolean {
  return checks.some((check) => check === killer);
}

function list(names: readonly string[], none: string): string {
  return names.length === 0 ? none : names.map((name) => `\`${name}\``).join(', ');
}

function unseenPart(reports: readonly MutantReport[]): string[] {
  return [
    '## What cannot be seen',
    '',
    'These are tried, too, and have to survive. No comparison of a restored database with its source can tell them.',
    '',
    '| mutant | what is wrong | why it is not seen |',
    '|---|---|---|',
    ...reports.flatMap(({ mutant: { id, what, unseen } }) =>
      unseen === undefined ? [] : [`| \`${id}\` | ${what} | ${unseen} |`],
    ),
    '',
  ];
}

function alonePart({ alone, neverAlone }: KillMatrixParts): string[] {
  return [
    '## What each check is there for',
    '',
    '| check | mutants that it alone reports, or why it is worth its place |',
    '|---|---|',
    ...[...alone].map(([check, mutants]) => `| \`${check}\` | ${list(mutants, neverAlone[check] ?? '')} |`),
    '',
  ];
}
