import { DUMP_FORMATS, type Case, type DumpFormat } from '../case/case.ts';
import { drawUpgrade } from '../case/draw-upgrade.ts';
import { upgradeOf } from '../case/upgrade-case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { EXIT, UsageError } from '../errors.ts';
import { drawAt } from '../fuzz/draw.ts';
import { judgeByPrediction } from '../fuzz/judge-trial.ts';
import { Lane, type LaneGround } from '../fuzz/lane.ts';
import { withGround } from '../fuzz/with-ground.ts';
import { redactUrl } from '../postgres/connection-url.ts';
import { openServers, type ServersChoice } from '../postgres/open-servers.ts';
import type { Terminal } from './terminal.ts';
import { requireWritablePlace, writeWhole } from './write-file.ts';

export interface MatrixOptions {
  /** References of servers, as `--from` takes them, with commas between. */
  readonly images: string;
  readonly formats: string;
  readonly cases: number;
  readonly seed: number;
  readonly json?: string | undefined;
}

/** What became of one format on the way from one server to another. */
interface Cell {
  readonly from: string;
  readonly to: string;
  readonly format: DumpFormat;
  /** How many cases had which verdict. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Those that were not as predicted, with the case for `replay`. */
  readonly findings: readonly { readonly summary: string; readonly case: Case }[];
}

/** `restoreproof matrix`: every pair of servers, both ways, by every format. Returns the exit code. */
export async function matrix(
  options: MatrixOptions,
  choice: ServersChoice,
  terminal: Terminal,
): Promise<number> {
  const servers = references(options.images);
  const formats = chosenFormats(options.formats);
  if (options.json !== undefined) await requireWritablePlace(options.json, '--json');
  const cells: Cell[] = [];
  for (const [from, to] of pairsOf(servers)) {
    terminal.note(`${shown(from)} → ${shown(to)}`);
    await using opened = await openServers({ ...choice, from, to });
    const { engine, other } = opened;
    const { signal, trialMilliseconds } = choice;
    const versions = { from: engine.serverVersion.text, to: other?.serverVersion.text ?? '' };
    await withGround(engine, { other, say: terminal.say, signal, trialMilliseconds }, async (ground) => {
      for (const format of formats) {
        const names = { from: `${shown(from)} (${versions.from})`, to: `${shown(to)} (${versions.to})` };
        cells.push({ ...names, format, ...(await cellOf(ground, format, options)) });
      }
    });
  }
  const exitCode = conclude(cells, formats, terminal);
  if (options.json !== undefined) {
    const { cases, seed } = options;
    await writeWhole(
      options.json,
      `${JSON.stringify({ format: 'restoreproof.matrix/v1', cases, seed, cells }, null, 2)}\n`,
    );
  }
  return exitCode;
}

/** Prints the table, then what was not as predicted. Returns the exit code. */
export function conclude(
  cells: readonly Cell[],
  formats: readonly DumpFormat[],
  { print }: Pick<Terminal, 'print'>,
): number {
  for (const line of tableOf(cells, formats)) print(line);
  const surprises = cells.flatMap((cell) =>
    cell.findings.map(({ summary }) => `not as predicted: ${wayOf(cell)}, ${cell.format}: ${summary}`),
  );
  for (const surprise of surprises) print(surprise);
  return surprises.length === 0 ? EXIT.asPredicted : EXIT.findings;
}

/** The fixed cycle in a format, and cases drawn in it. */
async function cellOf(
  ground: LaneGround,
  format: DumpFormat,
  { cases, seed }: MatrixOptions,
): Promise<Pick<Cell, 'verdicts' | 'findings'>> {
  const lane = new Lane(ground, `matrix-${format}`);
  const drawn = drawUpgrade(ground.world, 'envelope').filter(({ dump }) => dump.format === format);
  const verdicts: Record<string, number> = {};
  const findings: { summary: string; case: Case }[] = [];
  for (let index = 0; index < cases; index++) {
    const trial = index === 0 ? fixedCycleIn(format, ground) : drawAt(drawn, seed, index);
    const { verdict, finding } = await judgeByPrediction(trial, lane);
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    if (finding) findings.push({ summary: finding.summary, case: trial });
  }
  return { verdicts, findings };
}

function fixedCycleIn(format: DumpFormat, { engine, other }: LaneGround): Case {
  const restore = { tool: format === 'plain' ? ('psql' as const) : ('pg_restore' as const) };
  const trial: Case = { ...smokeCase(), dump: { format }, restore };
  const { major } = engine.serverVersion;
  return upgradeOf(trial, major, other?.engine.serverVersion.major ?? major);
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

function pairsOf(servers: readonly string[]): [string, string][] {
  return servers.flatMap((from) =>
    servers.filter((to) => to !== from).map((to): [string, string] => [from, to]),
  );
}

function shown(reference: string): string {
  return reference.includes('://') ? redactUrl(reference) : reference;
}

/** One line for each pair, one column for each format. */
function tableOf(cells: readonly Cell[], formats: readonly DumpFormat[]): string[] {
  const ways = [...new Set(cells.map(wayOf))];
  const rows = [
    ['from → to', ...formats],
    ...ways.map((way) => [
      way,
      ...formats.map((format) => inCell(cells.find((cell) => cell.format === format && wayOf(cell) === way))),
    ]),
  ];
  const widths = ['from → to', ...formats].map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function wayOf({ from, to }: Cell): string {
  return `${from} → ${to}`;
}

function inCell(cell: Cell | undefined): string {
  const counts = Object.entries(cell?.verdicts ?? {}).map(([verdict, count]) => `${count} ${verdict}`);
  const surprises = cell?.findings.length ?? 0;
  return [...counts, ...(surprises > 0 ? [`${surprises} NOT AS PREDICTED`] : [])].join(', ');
}
