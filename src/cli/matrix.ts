import { availableParallelism } from 'node:os';
import { aNewerServerAgrees } from '../../properties/a-newer-server-agrees.ts';
import { DUMP_FORMATS, type DumpFormat } from '../case/case.ts';
import { UsageError } from '../errors.ts';
import { concludeRun, exitCodeOf, type Conclusion } from '../fuzz/conclusion.ts';
import { coverageOf } from '../fuzz/coverage.ts';
import type { ServersChoice } from '../postgres/open-servers.ts';
import { conclusionLine } from '../report/conclusion-text.ts';
import { withoutVerdictLines } from '../report/fuzz-text.ts';
import { matrixReport } from '../report/matrix-report.ts';
import { matrixTable } from '../report/matrix-text.ts';
import { groupBy } from '../text/group.ts';
import { shellWord } from '../text/shell-word.ts';
import { colours } from './colours.ts';
import { runWays, shown, type MatrixResult, type Way } from './matrix-run.ts';
import { programName } from './program-name.ts';
import { programOrigin, publishReport } from './publish-report.ts';
import type { Terminal } from './terminal.ts';
import { requireDirectoryPlace, requireWritablePlace, writeWhole } from './write-file.ts';

export interface MatrixOptions {
  /** References of servers, as `--from` takes them, with commas between. */
  readonly images: string;
  readonly formats: string;
  readonly cases: number;
  readonly seed: number;
  readonly lanes?: number | undefined;
  readonly counterexamples: string;
  readonly shrinkSeconds: number;
  readonly json?: string | undefined;
  readonly report?: string | undefined;
}

/** `restoreproof matrix`: every pair of servers, both ways, by every format. Returns the exit code. */
export async function matrix(
  options: MatrixOptions,
  choice: ServersChoice,
  terminal: Terminal,
): Promise<number> {
  const { images, cases, seed, lanes = availableParallelism() } = options;
  const ways = waysBetween(references(images));
  const formats = chosenFormats(options.formats);
  if (options.json !== undefined) await requireWritablePlace(options.json, '--json');
  if (options.report !== undefined) await requireDirectoryPlace(options.report, '--report');
  await requireDirectoryPlace(options.counterexamples, '--counterexamples');

  const program = programName();
  const repeat = repeatCommand(program, options, formats);
  terminal.note(`seed ${seed}; ${ways.length} ways; repeat with: ${repeat}`);
  const plan = { ...options, formats, lanes, program };
  const done = await runWays(ways, plan, choice, terminal);
  const report = matrixReport({
    ...done,
    ...programOrigin(),
    conclusion: concludeMatrix(done),
    coverage: coverageOf(done.outcomes),
    property: aNewerServerAgrees,
    milliseconds: performance.now(),
    run: {
      program,
      repeat,
      seed,
      options: {
        images: images.split(',').map(shown).join(', '),
        formats: formats.join(', '),
        cases,
        lanes,
        'shrink-seconds': options.shrinkSeconds,
      },
      end: done.end,
    },
  });
  const alongside = async (): Promise<void> => {
    if (options.json !== undefined) await writeWhole(options.json, jsonOf(done, options));
  };
  const conclusion = await publishReport(report, { directory: options.report, alongside }, terminal);
  for (const line of matrixTable(done.outcomes, formats)) terminal.print(line);
  for (const { count, signature, replay } of done.findings) {
    terminal.print(`  ${String(count).padStart(4)} × ${signature}`);
    terminal.print(`         ${replay}`);
  }
  for (const line of withoutVerdictLines(done.outcomes, colours)) terminal.print(line);
  terminal.print(conclusionLine(conclusion, colours));
  return exitCodeOf(conclusion);
}

function concludeMatrix({ outcomes, findings, unwritten, end }: MatrixResult): Conclusion {
  return concludeRun({
    tried: outcomes.length,
    withoutVerdict: outcomes.filter(({ verdict }) => verdict === 'no-verdict').length,
    findings: findings.length,
    unwritten,
    interrupted: end === 'interrupted',
    missed: 0,
  });
}

function repeatCommand(
  program: string,
  { images, cases, seed }: MatrixOptions,
  formats: readonly DumpFormat[],
): string {
  const named = images.split(',').map(shown).join(',');
  const some = formats.length === DUMP_FORMATS.length ? '' : ` --formats ${formats.join(',')}`;
  return `${program} matrix --images ${shellWord(named)}${some} --cases ${cases} --seed ${seed}`;
}

function references(text: string): readonly string[] {
  const named = [...new Set(text.split(',').filter((name) => name !== ''))];
  if (named.length > 1) return named;
  throw new UsageError({
    what: '--images names fewer than two servers',
    next: 'name them with commas between, for example: --images postgres:15,postgres:17',
  });
}

function chosenFormats(text: string): readonly DumpFormat[] {
  return text.split(',').map((name) => {
    const found = DUMP_FORMATS.find((format) => format === name);
    if (found) return found;
    throw new UsageError({
      what: `there is no dump format ${JSON.stringify(name)}`,
      next: `the formats are: ${DUMP_FORMATS.join(', ')}`,
    });
  });
}

function waysBetween(servers: readonly string[]): Way[] {
  return servers.flatMap((from) => servers.filter((to) => to !== from).map((to) => ({ from, to })));
}

/** What `--json` writes: the table, and the case of every finding. */
function jsonOf({ outcomes, findings }: MatrixResult, { cases, seed }: MatrixOptions): string {
  const groups = groupBy(outcomes, ({ origin: { way, format } }) => JSON.stringify([way, format]));
  const cells = [...groups.values()].flatMap((found) => {
    const [first] = found;
    if (!first) return [];
    const verdicts = [...groupBy(found, ({ verdict }) => verdict)].map(([verdict, all]) => [
      verdict,
      all.length,
    ]);
    return [
      {
        way: first.origin.way,
        format: first.origin.format,
        verdicts: Object.fromEntries(verdicts) as unknown,
        findings: [...new Set(found.flatMap(({ signature }) => signature ?? []))],
      },
    ];
  });
  const told = findings.map(({ signature, summary, replay, case: trial }) => ({
    signature,
    summary,
    replay,
    case: trial,
  }));
  return `${JSON.stringify({ format: 'restoreproof.matrix/v1', cases, seed, cells, findings: told }, null, 2)}\n`;
}
