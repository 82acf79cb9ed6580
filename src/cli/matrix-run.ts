import { aNewerServerAgrees } from '../../properties/a-newer-server-agrees.ts';
import type { Case, DumpFormat } from '../case/case.ts';
import { drawUpgrade } from '../case/draw-upgrade.ts';
import { upgradeOf } from '../case/upgrade-case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { firstLine, RestoreproofError } from '../errors.ts';
import { classifyCase } from '../fuzz/classify-case.ts';
import { drawAt } from '../fuzz/draw.ts';
import type { Work } from '../fuzz/fuzz-plan.ts';
import { FuzzRun } from '../fuzz/fuzz-run.ts';
import type { LaneGround } from '../fuzz/lane.ts';
import type { Cell, FuzzResult, Outcome, ReportedFinding } from '../fuzz/outcome.ts';
import { withGround } from '../fuzz/with-ground.ts';
import { redactUrl } from '../postgres/connection-url.ts';
import { openServers, type ServersChoice } from '../postgres/open-servers.ts';
import { reportedFinding } from '../report/build-report.ts';
import type { CommandWords } from '../report/command-words.ts';
import { outcomeLine } from '../report/fuzz-text.ts';
import type { ReportFinding } from '../report/report.ts';
import { Progress } from './progress.ts';
import { engineArguments } from './repeat-command.ts';
import { tellFinding } from './tell-finding.ts';
import type { Terminal } from './terminal.ts';

/** From one server to another, by their references. */
export interface Way {
  readonly from: string;
  readonly to: string;
}

export interface MatrixPlan {
  readonly formats: readonly DumpFormat[];
  /** Of each format. */
  readonly cases: number;
  readonly seed: number;
  readonly lanes: number;
  readonly shrinkSeconds: number;
  readonly counterexamples: string;
  /** How commands are typed. */
  readonly program: string;
}

/** A case, and what became of it. */
type CellOutcome = Outcome & { readonly origin: Cell };

export interface MatrixResult {
  readonly outcomes: readonly CellOutcome[];
  /** One of each signature, by whichever ways it was seen. */
  readonly findings: readonly ReportFinding[];
  /** How many of them could not be written down. */
  readonly unwritten: number;
  readonly end: 'all cases' | 'interrupted';
}

/**
 * Goes every way, one after another. A way whose servers cannot be had is without a verdict, and the others go on.
 * @throws what keeps the first way from being gone
 */
export async function runWays(
  ways: readonly Way[],
  plan: MatrixPlan,
  choice: ServersChoice,
  terminal: Terminal,
): Promise<MatrixResult> {
  const started = performance.now();
  const outcomes: CellOutcome[] = [];
  const words = new Map<string, CommandWords>();
  let findings: readonly ReportedFinding[] = [];
  using progress = new Progress({
    terminal: process.stderr.isTTY && terminal.loudness !== 'quiet',
    cases: ways.length * plan.formats.length * plan.cases,
    minutes: undefined,
    say: terminal.say,
  });
  for (const way of ways) {
    if (terminal.signal.aborted) break;
    const begun = performance.now() - started;
    try {
      const gone = await runWay(way, { ...plan, known: findings }, choice, { terminal, progress });
      outcomes.push(...gone.outcomes.map((each) => ({ ...each, at: begun + each.at })));
      ({ findings } = gone);
      for (const { signature } of findings) if (!words.has(signature)) words.set(signature, gone.words);
    } catch (error) {
      if (outcomes.length === 0) throw error;
      if (!terminal.signal.aborted) outcomes.push(...untried(way, plan.formats, error, begun));
    }
  }
  const usual = { program: plan.program, draw: '' };
  return {
    outcomes,
    findings: findings.map((found) => reportedFinding(found, words.get(found.signature) ?? usual)),
    unwritten: findings.filter(({ unwritten }) => unwritten !== undefined).length,
    end: terminal.signal.aborted ? 'interrupted' : 'all cases',
  };
}

function untried(
  { from, to }: Way,
  formats: readonly DumpFormat[],
  error: unknown,
  at: number,
): CellOutcome[] {
  const why = error instanceof RestoreproofError && error.why !== undefined ? `: ${error.why}` : '';
  return formats.map((format) => ({
    origin: { way: `${shown(from)} → ${shown(to)}`, format, number: 0 },
    property: aNewerServerAgrees.name,
    predicted: 'not judged',
    verdict: 'no-verdict',
    why: `${firstLine(error)}${why}`,
    at,
    milliseconds: 0,
    steps: [],
    labels: [`versions:${shown(from)} → ${shown(to)}`, `format:${format}`],
  }));
}

interface WayPlan extends MatrixPlan {
  /** Findings of the ways before this one. */
  readonly known: readonly ReportedFinding[];
}

/** What became of a way, and how its counterexamples are tried again. */
interface WayResult extends Pick<FuzzResult, 'findings'> {
  readonly outcomes: readonly CellOutcome[];
  readonly words: CommandWords;
}

/** Goes one way by every format: the fixed cycle first, then drawn cases. */
async function runWay(
  { from, to }: Way,
  plan: WayPlan,
  choice: ServersChoice,
  { terminal, progress }: { terminal: Terminal; progress: Progress },
): Promise<WayResult> {
  await using servers = await openServers({ ...choice, from, to });
  const { engine, other } = servers;
  const name = `${shown(from)} (${engine.serverVersion.text}) → ${shown(to)} (${other?.serverVersion.text})`;
  progress.above(() => terminal.note(name));
  const place = engineArguments({ ...choice, engine: 'auto', from, to }).join(' ');
  const words = { program: plan.program, draw: '', servers: place };
  const { signal, trialMilliseconds } = choice;
  return await withGround(engine, { other, say: terminal.say, signal, trialMilliseconds }, async (ground) => {
    const given = plan.formats.flatMap((format) => cellCases(name, format, plan, ground));
    const whole = {
      ...plan,
      indices: [],
      properties: [],
      corpus: [],
      given,
      shrinkMilliseconds: plan.shrinkSeconds * 1000,
      classify: (trial: Case) => classesOf(trial, name, ground),
    };
    const { outcomes, findings } = await new FuzzRun(whole, ground, {
      onOutcome: (outcome) => {
        progress.add(outcome);
        if (terminal.loudness === 'verbose') progress.above(() => terminal.detail(outcomeLine(outcome)));
      },
      onShrinking: (signature) => progress.above(() => terminal.say(`shrinking ${signature}`)),
      onFinding: (found) =>
        tellFinding(found, {
          ground,
          counterexamples: plan.counterexamples,
          words,
          terminal,
          above: (print) => progress.above(print),
        }),
    }).run();
    return { outcomes: outcomes.flatMap(ofCell), findings, words };
  });
}

/** Every case of a way is of a cell. */
function ofCell(outcome: Outcome): CellOutcome[] {
  const { origin } = outcome;
  return 'way' in origin ? [{ ...outcome, origin }] : [];
}

/** A server as it was named; of a URL the password is `***`. */
export function shown(reference: string): string {
  return reference.includes('://') ? redactUrl(reference) : reference;
}

function cellCases(way: string, format: DumpFormat, { cases, seed }: MatrixPlan, ground: LaneGround): Work[] {
  const drawn = drawUpgrade(ground.world, 'envelope').filter(({ dump }) => dump.format === format);
  return Array.from({ length: cases }, (_, number) => ({
    origin: { way, format, number },
    property: aNewerServerAgrees,
    trial: number === 0 ? fixedCycleIn(format, ground) : drawAt(drawn, seed, number),
  }));
}

function fixedCycleIn(format: DumpFormat, { engine, other }: LaneGround): Case {
  const restore = { tool: format === 'plain' ? ('psql' as const) : ('pg_restore' as const) };
  const trial: Case = { ...smokeCase(), dump: { format }, restore };
  const { major } = engine.serverVersion;
  return upgradeOf(trial, major, other?.engine.serverVersion.major ?? major);
}

/** Two servers of one version are two ways all the same. */
function classesOf(trial: Case, way: string, { world }: LaneGround): Outcome['labels'] {
  const classes = classifyCase(trial, world).filter((label) => !label.startsWith('versions:'));
  return [...classes, `versions:${way}`];
}
