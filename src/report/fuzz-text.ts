import type { Conclusion } from '../fuzz/conclusion.ts';
import type { Canary } from '../fuzz/canary.ts';
import type { ClassCount, Floor } from '../fuzz/coverage.ts';
import type { FuzzResult, Origin, Outcome, ReportedFinding } from '../fuzz/outcome.ts';
import { nameOf } from './case-name.ts';
import { checkLines } from './checks-text.ts';
import { replayCommand, type CommandWords } from './command-words.ts';
import { conclusionLine } from './conclusion-text.ts';
import type { Palette } from './palette.ts';
import { tallyTables } from './tally-tables.ts';
import { tallyLines } from './tally-text.ts';
import { plural } from '../text/plural.ts';

/** `120 cases: 110 faithful, 8 refused, 2 lossy` */
function verdictCounts(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of outcomes) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([verdict, count]) => `${count} ${verdict}`);
  return `${plural(outcomes.length, 'case')}: ${parts.join(', ') || 'none'}`;
}

/** Where a case came from, in words. */
function describeOrigin(origin: Origin, { draw }: CommandWords): string {
  if ('index' in origin) return `fuzz ${draw} --case ${origin.index}`;
  return 'corpus' in origin ? `corpus ${origin.corpus}` : nameOf(origin);
}

/** What a finding is and how to see it again. */
export function findingLines(found: ReportedFinding, words: CommandWords, palette: Palette): string[] {
  const { finding, shrunk, directory } = found;
  const ends = {
    minimal: 'nothing simpler fails',
    budget: 'time for shrinking ran out',
    interrupted: 'interrupted',
  };
  return [
    `${palette.red('FINDING')}  ${finding.summary}`,
    `  property   ${found.property}`,
    `  found by   ${describeOrigin(found.origin, words)}; shrunk in ${shrunk.trials} trials (${ends[shrunk.end]})`,
    `  expected   ${finding.expected}`,
    `  seen       ${finding.verdict}${finding.stage === undefined ? '' : ` at ${finding.stage}`}`,
    ...(finding.errorLine === undefined ? [] : [`  error      ${finding.errorLine}`]),
    ...checkLines(
      finding.checks.filter(({ outcome }) => outcome === 'failed'),
      palette,
    ),
    `  written    ${directory}`,
    `  replay     ${replayCommand(words, directory)}`,
    ...(found.reproduced === false
      ? [palette.yellow('  repro.sh   did not fail the same way: only the harness shows this one so far')]
      : []),
  ];
}

export interface FuzzSummary {
  readonly result: FuzzResult;
  readonly coverage: readonly ClassCount[];
  readonly missed: readonly Floor[];
  /** Properties that cannot be tried on this server or subject. */
  readonly leftOut: readonly string[];
  readonly conclusion: Conclusion;
  readonly words: CommandWords;
}

/** What a run covered, and how its cases ended. */
export function coveredLines({ result, coverage, leftOut }: FuzzSummary, palette: Palette): string[] {
  return [
    `coverage: ${coverage.length} classes of values, options and targets occurred`,
    ...coverageGroups(coverage),
    ...tallyLines(tallyTables(result.outcomes)),
    ...leftOut.map((name) => palette.yellow(`left out, for it cannot be tried here: ${name}`)),
  ];
}

/** The last lines of a run: the verdict in a sentence first to find, last to read. */
export function conclusionLines(summary: FuzzSummary, palette: Palette): string[] {
  const { result, missed, conclusion, words } = summary;
  const { outcomes, canaries, findings, end, milliseconds } = result;
  const seconds = milliseconds / 1000;
  const rate = outcomes.length / Math.max(seconds, 0.001);
  return [
    ...canaryLine(canaries, palette),
    `${verdictCounts(outcomes)}; ${seconds.toFixed(1)} s, ${rate.toFixed(1)} cases/s; ended: ${end}`,
    ...missed.map(({ label, cases, wanted }) =>
      palette.red(`  floor not reached: ${label} occurred ${cases} times, at least ${wanted} are wanted`),
    ),
    ...withoutVerdictLines(outcomes, palette),
    ...repeated(findings, words),
    conclusionLine(conclusion, palette),
  ];
}

const MOST_WITHOUT_VERDICT = 3;

/** Why the first of the cases without a verdict have none. */
export function withoutVerdictLines(outcomes: readonly Outcome[], palette: Palette): string[] {
  return outcomes
    .filter(({ verdict }) => verdict === 'no-verdict')
    .slice(0, MOST_WITHOUT_VERDICT)
    .map(({ why }) => palette.yellow(`  no verdict: ${why}`));
}

/** One case in a line: `case 17  formats-agree  faithful  as predicted  0.41 s`. */
export function outcomeLine({
  origin,
  property,
  predicted,
  verdict,
  signature,
  milliseconds,
}: Outcome): string {
  const name = 'index' in origin ? `case ${origin.index}` : nameOf(origin);
  const end = signature === undefined ? '' : `; predicted was ${predicted}`;
  return `${name.padEnd(12)} ${(milliseconds / 1000).toFixed(2).padStart(6)} s  ${property}: ${verdict}${end}`;
}

/** One canary in a line: `case 18  canary: era-lost, killed`. */
export function describeCanary({ index, mutant, struck, killed }: Canary): string {
  const end = killed ? 'killed' : struck ? 'NOT SEEN' : 'changed nothing';
  return `${`case ${index}`.padEnd(12)} canary: ${mutant}, ${end}`;
}

const MOST_NAMES = 3;

/** `canaries: 3 struck, 3 killed (era-lost, index-lost, head-emptied)`; nothing where none flew. */
export function canaryLine(canaries: readonly Omit<Canary, 'index'>[], palette: Palette): string[] {
  if (canaries.length === 0) return [];
  const struck = canaries.filter((canary) => canary.struck);
  const killed = struck.filter((canary) => canary.killed);
  const missed = canaries.length - struck.length;
  const counts = `canaries: ${struck.length} struck, ${killed.length} killed${missed === 0 ? '' : `, ${missed} changed nothing`}`;
  const good = killed.length === struck.length && struck.length > 0;
  const names = canaries.map(({ mutant }) => mutant);
  const more = names.length > MOST_NAMES ? ', …' : '';
  return [`${good ? counts : palette.red(counts)} (${names.slice(0, MOST_NAMES).join(', ')}${more})`];
}

function repeated(findings: readonly ReportedFinding[], words: CommandWords): string[] {
  return findings.flatMap(({ signature, count, directory, unwritten, finding, origin }) => [
    `  ${String(count).padStart(4)} × ${signature}`,
    ...(unwritten === undefined
      ? [`         ${replayCommand(words, directory)}`]
      : [
          `         ${finding.summary}`,
          `         not written down: ${unwritten}`,
          ...('index' in origin ? [`         --case ${origin.index} of this seed draws it again`] : []),
        ]),
  ]);
}

const WIDTH = 100;
const GROUP_WIDTH = 22;

/** The classes by what they are classes of, each with its number of cases; lines as wide as a terminal takes. */
function coverageGroups(coverage: readonly ClassCount[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { label, cases } of coverage) {
    const [group = '', ...rest] = label.split(':');
    groups.set(group, [...(groups.get(group) ?? []), `${rest.join(':')} ${cases}`]);
  }
  return [...groups].flatMap(([group, counts]) =>
    wrapped(counts).map((line, index) => `  ${(index === 0 ? group : '').padEnd(GROUP_WIDTH)} ${line}`),
  );
}

function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= WIDTH - GROUP_WIDTH) {
      lines[lines.length - 1] = `${last}, ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** One line for each class, with its verdicts. */
export function coverageLines(coverage: readonly ClassCount[]): string[] {
  return coverage.map(({ label, cases, verdicts }) => {
    const parts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
    return `  ${label.padEnd(40)} ${String(cases).padStart(6)}  ${parts.join(', ')}`;
  });
}
