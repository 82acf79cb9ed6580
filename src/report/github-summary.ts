import { capitalised } from '../text/capitalised.ts';
import { groupBy } from '../text/group.ts';
import { markdownLine } from '../text/markdown.ts';
import { visible } from '../text/visible.ts';
import { countWords } from './count-words.ts';
import type { Report, ReportFinding } from './report.ts';
import { inWords, outcomesOf, type TallyTable } from './tally-tables.ts';

const MARKS = { pass: '✅ PASS', fail: '❌ FAIL', 'no-verdict': '⚠️ NO VERDICT' } as const;
const VERDICTS = ['faithful', 'refused', 'lossy', 'drifted', 'source-invalid', 'no-verdict'] as const;
/** What the matrix has rows for; the rest of it is in the report's page. */
const KINDS = ['versions', 'format', 'target'];
const MOST_FINDINGS = 20;

/** The summary of a step of GitHub Actions, in Markdown: the verdict, the findings, the matrix. */
export function githubSummary(report: Report): string {
  const { command, conclusion, engine, milliseconds, run } = report;
  const versions = engine === undefined ? '' : ` against PostgreSQL ${engine.server}, tools ${engine.tools}`;
  return [
    `## ${MARKS[conclusion.verdict]} restoreproof ${command}: ${markdownLine(conclusion.sentence)}`,
    '',
    `${countWords(report)}${markdownLine(versions)}, ${(milliseconds / 1000).toFixed(1)} s. Again: ${code(run.repeat)}`,
    ...(conclusion.verdict === 'no-verdict' ? ['', NO_VERDICT] : []),
    ...partLines(report),
    ...findingLines(report.findings),
    ...matrixLines(report),
    ...(report.tables ?? []).flatMap(tallyLines),
    '',
  ].join('\n');
}

/** What `no-verdict` is and is not. */
export const NO_VERDICT =
  'No verdict is not a finding: the infrastructure gave way, or the run ended early. It is not a pass either.';

/** The summary of a step that an error ended. */
export function failureSummary([what = '', ...lines]: readonly string[]): string {
  const more = lines.map((line) => `${code(line.trim())}<br>`);
  return [`## ${MARKS['no-verdict']} ${markdownLine(what)}`, '', ...more, '', ''].join('\n');
}

/** What later steps get of it. */
export function failureOutputs(): string {
  return 'verdict=no-verdict\nfindings=0\n';
}

/** Values for later steps, one line each: `verdict=pass`. */
export function githubOutputs(
  { conclusion, findings, cases }: Report,
  directory: string | undefined,
): string {
  const outputs = {
    verdict: conclusion.verdict,
    findings: findings.length,
    cases: cases.length,
    replay: findings[0]?.replay ?? '',
    report: directory ?? '',
  };
  return Object.entries(outputs)
    .map(([name, value]) => `${name}=${visible(String(value))}\n`)
    .join('');
}

function partLines({ parts = [] }: Report): string[] {
  if (parts.length === 0) return [];
  return [
    '',
    '| command | verdict | why | again |',
    '|---|---|---|---|',
    ...parts.map(({ command, conclusion, run }) => {
      const why = markdownLine(conclusion.sentence);
      return `| ${command} | ${MARKS[conclusion.verdict]} | ${why} | ${code(run.repeat).replaceAll('|', String.raw`\|`)} |`;
    }),
  ];
}

function findingLines(findings: readonly ReportFinding[]): string[] {
  if (findings.length === 0) return [];
  const left = findings.length - MOST_FINDINGS;
  return [
    '',
    '### Findings',
    '',
    ...findings
      .slice(0, MOST_FINDINGS)
      .map(({ count, summary, replay }) => `- ${count} × ${markdownLine(summary)}<br>${code(replay)}`),
    ...(left > 0 ? [`- and ${left} more, in the report`] : []),
  ];
}

function matrixLines({ coverage }: Report): string[] {
  const groups = groupBy(coverage.classes, ({ label }) => label.split(':', 1)[0] ?? '');
  const rows = KINDS.flatMap((kind) => groups.get(kind) ?? []);
  if (rows.length === 0) return [];
  return [
    '',
    '### Fidelity matrix',
    '',
    `| class | ${VERDICTS.join(' | ')} |`,
    `|---|${VERDICTS.map(() => '--:|').join('')}`,
    ...rows.map(({ label, verdicts }) => {
      const counts = VERDICTS.map((verdict) => String(verdicts[verdict] ?? ''));
      return `| ${markdownLine(label.replace(':', ' '))} | ${counts.join(' | ')} |`;
    }),
  ];
}

function tallyLines(table: TallyTable): string[] {
  const outcomes = outcomesOf(table);
  return [
    '',
    `### ${markdownLine(capitalised(table.of))}`,
    '',
    `| | cases | ${outcomes.map(markdownLine).join(' | ')} | checks that failed |`,
    `|---|--:|${outcomes.map(() => '--:|').join('')}---|`,
    ...table.rows.map(({ row, cases, outcomes: counted, details }) => {
      const counts = outcomes.map((outcome) => String(counted[outcome] ?? ''));
      return `| ${markdownLine(row)} | ${cases} | ${counts.join(' | ')} | ${markdownLine(inWords(details))} |`;
    }),
  ];
}

/** Code that no content can end. */
function code(text: string): string {
  const line = visible(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}
