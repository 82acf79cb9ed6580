import type { AuditEvent, Workload } from '../case/case.ts';
import type { ReportedFinding } from '../fuzz/outcome.ts';
import type { Finding } from '../fuzz/property.ts';
import type { CheckResult } from '../verdict/check.ts';
import { formatLiteral } from '../text/timestamp.ts';
import { markdownLine } from '../text/markdown.ts';
import { visible } from '../text/visible.ts';
import { nameOf } from './case-name.ts';
import { replayCommand, shrinkCommand, type CommandWords } from './command-words.ts';
import { describeOptions } from './describe-options.ts';
import { plural } from '../text/plural.ts';

/** The run that found it. */
export interface PageOrigin extends CommandWords {
  readonly server: string;
  readonly tools: string;
  /** Whether the case can be written as a script, with what is done on purpose as SQL; absent: it can. */
  readonly scripted?: boolean | undefined;
}

const MOST_ROWS = 20;
const LONGEST_VALUE = 200;

/** The README of a counterexample's folder, as Markdown. */
export function counterexamplePage(found: Omit<ReportedFinding, 'count'>, origin: PageOrigin): string {
  const { finding, shrunk, directory } = found;
  const { scripted = true } = origin;
  const { trial } = shrunk;
  const fence = '```';
  return `# ${found.signature}

${markdownLine(finding.summary)}

| | |
|---|---|
| property | ${found.property} |
| found by | ${describeOrigin(found, origin)} |
| shrunk | in ${shrunk.trials} trials; ${SHRINKING_ENDED[shrunk.end]} |
| server | PostgreSQL ${origin.server} |
| client tools | ${origin.tools} |

## Expected

${markdownLine(finding.expected)}

## Seen

**${finding.verdict}**${finding.stage === undefined ? '' : ` at ${finding.stage}`}
${finding.errorLine === undefined ? '' : `\n${block(finding.errorLine)}\n`}${failedChecks(finding.checks)}${printedLines(finding.printed)}
## The case

${rowLines(trial.workload).join('\n')}

${describeOptions(trial)
  .map((line) => `- ${line}`)
  .join('\n')}
${trial.disturbance ? `\n${scripted ? DISTURBED : DISTURBED_OTHERWISE}\n` : ''}
## Again

${fence}
${replayCommand(origin, directory)}
${fence}

${againWithout(found, scripted)}

To go on shrinking: \`${shrinkCommand(origin, directory)}\`

To keep it as a regression test: move \`${directory}/case.json\` into \`properties/corpus/\`. Every run tries it first then.
`;
}

/** How to see it without the harness. */
function againWithout(found: Omit<ReportedFinding, 'count'>, scripted: boolean): string {
  return scripted ? reproductionLines(found) : NO_SCRIPT;
}

function reproductionLines({
  shrunk: { trial },
  directory,
  reproduced,
}: Pick<ReportedFinding, 'shrunk' | 'directory' | 'reproduced'>): string {
  const { against, variables } = trial.upgrade ? TWO_SERVERS : trial.pipeline ? BY_COMMANDS : ONE_SERVER;
  return `Without restoreproof, against ${against}:

\`\`\`
${variables} sh ${directory}/repro.sh
\`\`\`

${REPRODUCED[String(reproduced)]}${trial.pipeline ? `\n\n${OTHER_COMMANDS}` : ''}`;
}

const ONE_SERVER = {
  against: 'a scratch server, with `psql`, `pg_dump` and `pg_restore` alone',
  variables: 'PGHOST=… PGPORT=… PGUSER=…',
};
const BY_COMMANDS = {
  against: 'a scratch server, with the commands of the pipeline as they are',
  variables: ONE_SERVER.variables,
};
const TWO_SERVERS = {
  against: 'two scratch servers, with `psql`, `pg_dump` and `pg_restore` of each',
  variables: 'SOURCE_URL=postgres://… TARGET_URL=postgres://… SOURCE_BIN=DIR TARGET_BIN=DIR',
};
const OTHER_COMMANDS = '`replay --pipeline FILE` tries the same rows with other commands.';

const MOST_PRINTED = 2000;

/** What the commands of a pipeline said, which is the first thing to read where each of them exited 0. */
function printedLines(printed: Finding['printed'] = []): string {
  return printed
    .map(({ tool, exitCode, stdout, stderr }) => {
      const text = [stderr, stdout]
        .map((output) => output.trim().slice(0, MOST_PRINTED))
        .filter((output) => output !== '');
      return `\nThe ${tool} command exited ${exitCode ?? 'by a signal'} and printed:\n\n${block(text.join('\n'))}\n`;
    })
    .join('');
}

const DISTURBED =
  'The case carries a fault done on purpose to the restored database (`disturbance.sql`): without it, it does not fail.';

const DISTURBED_OTHERWISE = 'The case carries a fault done on purpose: without it, it does not fail.';
const NO_SCRIPT =
  'There is no script that shows it without restoreproof: what is done on purpose takes more than SQL on the restored database.';

const SHRINKING_ENDED = {
  minimal: 'nothing simpler fails the same way',
  budget: 'the time for shrinking ran out, so that it may be simpler still',
  interrupted: 'shrinking was interrupted, so that it may be simpler still',
} as const;

const REPRODUCED: Readonly<Record<string, string>> = {
  true: 'restoreproof has run this script on the servers of its own run. It failed the same way: the same tool refused for the same kind of reason, or else the restored database differs in what the failed checks look at.',
  false:
    '**restoreproof has run this script and it did not fail the same way**: so far, only the harness shows this finding.',
  undefined: '**This script was not run to its end**: whether it fails the same way is not known.',
};

function describeOrigin({ origin }: Pick<ReportedFinding, 'origin'>, { program, draw }: PageOrigin): string {
  if ('index' in origin)
    return `\`${program} fuzz ${draw} --case ${origin.index}\`, unshrunk in \`unshrunk.json\``;
  return 'corpus' in origin ? `the corpus: ${origin.corpus}` : `the matrix: ${markdownLine(nameOf(origin))}`;
}

function failedChecks(checks: readonly CheckResult[]): string {
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  return failed
    .map(({ id, summary, source, restored }) => {
      const values = [`source:   ${show(source)}`, `restored: ${show(restored)}`].join('\n');
      return `\n\`${id}\` failed: ${markdownLine(summary)}\n\n${block(values)}\n`;
    })
    .join('');
}

function show(value: string | undefined): string {
  return shorten(value ?? 'nothing');
}

function rowLines({ session = {}, transactions }: Workload): string[] {
  const statements = transactions.flatMap((transaction) => transaction.statements);
  const events = statements.flatMap((statement) => statement.events);
  const undone = transactions.filter(({ end }) => end === 'rollback').length;
  const copies = statements.filter(({ insert }) => insert === 'copy').length;
  const savepoints = statements.filter(({ savepoint }) => savepoint !== undefined).length;
  const extras = [
    ...(undone === 0 ? [] : [`${undone} of them rolled back`]),
    ...(savepoints === 0 ? [] : [`${plural(savepoints, 'statement')} undone by a savepoint`]),
    ...(copies === 0 ? [] : [`${copies} by COPY`]),
    ...Object.entries(session).map(([name, value]) => `written under ${name} = ${JSON.stringify(value)}`),
  ];
  const written = `${plural(events.length, 'row')} written in ${plural(transactions.length, 'transaction')}`;
  if (events.length === 0) return [`${[written, ...extras].join(', ')}.`];
  const more = events.length > MOST_ROWS ? [`… and ${events.length - MOST_ROWS} more`] : [];
  const rows = events.slice(0, MOST_ROWS).flatMap(eventLines);
  return [`${[written, ...extras].join(', ')}:`, '', block([...rows, ...more].join('\n'))];
}

function eventLines({ timestamp, ...columns }: AuditEvent, index: number): string[] {
  const values = Object.entries(columns).map(([name, value]) => `${name}: ${shorten(JSON.stringify(value))}`);
  const at = timestamp?.at === undefined ? [] : [formatLiteral(BigInt(timestamp.at))];
  const written = timestamp?.written === undefined ? [] : [`written ${JSON.stringify(timestamp.written)}`];
  const when = timestamp === undefined ? 'the default, now()' : [...at, ...written].join(', ');
  return [`row ${index + 1}`, ...[...values, `timestamp: ${when}`].map((line) => `  ${line}`)];
}

function shorten(text: string): string {
  const shown = visible(text);
  if (shown.length <= LONGEST_VALUE) return shown;
  return `${shown.slice(0, LONGEST_VALUE)}… (${text.length} characters)`;
}

/** A block that no content can end. */
function block(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
