import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { withPipeline } from '../case/pipeline-case.ts';
import { pipelineReads } from '../case/pipeline-reads.ts';
import type { Pipeline } from '../case/pipeline.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { USUAL_MAX_ROWS } from '../case/world.ts';
import { UsageError } from '../errors.ts';
import type { CorpusEntry, FuzzPlan } from '../fuzz/fuzz-plan.ts';
import { FuzzRun } from '../fuzz/fuzz-run.ts';
import type { LaneGround } from '../fuzz/lane.ts';
import { indicesOf, parseShard, partOf, type Shard } from '../fuzz/shard.ts';
import { corpusFor } from '../fuzz/corpus-for.ts';
import { isFit, requireFittingTools, unfitTools } from '../fuzz/needs.ts';
import type { FuzzResult } from '../fuzz/outcome.ts';
import { requirePipelineEngine } from '../fuzz/own-server.ts';
import type { Property } from '../fuzz/property.ts';
import { classifyCase } from '../fuzz/classify-case.ts';
import { fittingCases, readCorpus } from '../fuzz/corpus.ts';
import { withGround } from '../fuzz/with-ground.ts';
import { openServers, type Servers, type ServersChoice } from '../postgres/open-servers.ts';
import type { CommandWords } from '../report/command-words.ts';
import { describeCanary, outcomeLine } from '../report/fuzz-text.ts';
import type { Report } from '../report/report.ts';
import { PROPERTIES } from '../../properties/all.ts';
import { isCanary } from '../fuzz/canary.ts';
import { aNewerServerAgrees } from '../../properties/a-newer-server-agrees.ts';
import { thePipelineIsFaithful } from '../../properties/the-pipeline-is-faithful.ts';
import { askedProperties, chooseProperties, refuseUnknown } from './choose-properties.ts';
import { concludeFuzz } from './conclude-fuzz.ts';
import { chooseSubject, type ChosenSubject, type SubjectOptions } from '../subject/choose-subject.ts';
import { canaryOf, readFault } from './on-purpose.ts';
import { programName } from './program-name.ts';
import { drawArguments, engineArguments, extentArguments, subjectArguments } from './repeat-command.ts';
import { Progress } from './progress.ts';
import { reportOrigin } from './publish-report.ts';
import { USUAL_CASES } from './options.ts';
import { tellFinding } from './tell-finding.ts';
import { pipelineOf } from './pipeline-of.ts';
import type { Terminal } from './terminal.ts';
import { requireDirectoryPlace } from './write-file.ts';

export interface FuzzOptions extends SubjectOptions {
  readonly cases?: number | undefined;
  readonly minutes?: number | undefined;
  readonly seed?: number | undefined;
  readonly maxRows?: number | undefined;
  readonly lanes?: number | undefined;
  readonly property: readonly string[];
  readonly explore: boolean;
  readonly case?: number | undefined;
  readonly corpus: boolean;
  readonly counterexamples: string;
  readonly shrinkSeconds: number;
  readonly fault?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly coverage: boolean;
  readonly report?: string | undefined;
  readonly shard?: string | undefined;
}

/** `restoreproof fuzz`. Returns the exit code. */
export async function fuzz(given: FuzzOptions, choice: ServersChoice, terminal: Terminal): Promise<number> {
  const options = { ...given, maxRows: given.maxRows ?? usualMaxRows(given) };
  if (options.report !== undefined) await requireDirectoryPlace(options.report, '--report');
  const shard = options.shard === undefined ? undefined : chooseShard(options.shard, options.seed);
  const seed = options.seed ?? newSeed();
  const pipeline = await pipelineOf(options.pipeline);
  const asked = askedProperties(options, pipeline);
  const fault = options.fault === undefined ? undefined : await readFault(options.fault);
  const chosen = await chooseSubject(options);
  refuseUnknown(asked, options, chosen);
  await requireDirectoryPlace(options.counterexamples, '--counterexamples');
  const reads = pipelineReads(pipeline, options.pipeline);
  await using servers = await openServers({ ...choice, reads });
  const { engine, other } = servers;
  const wholeCorpus = await corpusOf(options, chosen, pipeline);
  if (pipeline) requirePipelineEngine(engine, pipeline);
  if (!pipeline) tellUnfit(servers, terminal);
  const { subject } = chosen;
  const { properties, leftOut } = chooseProperties(asked, options, { servers, chosen });
  const { signal, trialMilliseconds } = choice;
  const { maxRows } = options;
  const place = { chosen, say: terminal.say, signal, trialMilliseconds, maxRows, other };
  return await withGround(engine, place, async (ground) => {
    const possible = corpusFor(wholeCorpus, servers, aNewerServerAgrees, ground.world);
    const corpus = shard ? partOf(shard, possible) : possible;
    const versions = `server ${engine.serverVersion.text}, tools ${engine.tools.version.text}`;
    const named = engineArguments(choice);
    const drawn = [...drawArguments({ ...options, seed }), ...subjectArguments(options)];
    const draw = [...drawn, ...named].join(' ');
    const words = { program: programName(), draw, servers: named.join(' ') };
    const extent = extentArguments({ ...options, shard, cases: options.cases ?? USUAL_CASES }).join(' ');
    const repeat = `${words.program} fuzz ${draw} ${extent}`;
    terminal.note(`seed ${seed}; ${versions}; repeat with: ${repeat}`);
    terminal.note(engine.description);
    if (other) terminal.note(`to ${other.description}`);
    else if (possible.length < wholeCorpus.length)
      terminal.note(leftOutOfCorpus(wholeCorpus.length - possible.length));
    if (chosen.recorded !== undefined) terminal.note(`subject: ${chosen.description}`);
    const safe = corpus.filter(({ property }) => isFit(property, servers));
    const fitting = fittingCases(safe, ground.world.subject, terminal.note);
    const origin = reportOrigin(engine);
    const canary = canaryOf(options, chosen, engine);
    if (canary && options.case !== undefined && isCanary(seed, options.case)) {
      terminal.note(`case ${options.case} is a canary: it carries a mutant, which has to be killed`);
    }
    const result = await run(
      { ...options, seed, shard },
      { properties, corpus: fitting, ground, canary, fault, words },
      terminal,
    );
    const asRun = {
      program: words.program,
      repeat,
      draw,
      seed,
      options: shown(options),
      world: digestOf(ground.world),
      ...(shard ? { shards: { of: shard.of, done: [shard.number] } } : {}),
    };
    // What is drawn for a pipeline is drawn for one property alone.
    const property = pipeline ? [thePipelineIsFaithful.name] : options.property;
    return await concludeFuzz(
      result,
      { ...options, subject: subject.name, property, origin, run: asRun, words, properties, leftOut },
      terminal,
    );
  });
}

/** @throws UsageError where nothing could come back; between two servers that is predicted, and only told */
function tellUnfit({ engine, other }: Servers, terminal: Terminal): void {
  if (!other) return requireFittingTools(engine);
  const unfit = unfitTools(other);
  if (unfit) terminal.say(`${unfit.message}: what they restore is refused; ${unfit.next}`);
}

/** Of one machine: every case is its. */
const WHOLE: Shard = { number: 1, of: 1 };

/** Shards of different seeds are parts of nothing. */
function chooseShard(text: string, seed: number | undefined): Shard {
  const shard = parseShard(text, process.env);
  if (seed !== undefined) return shard;
  throw new UsageError({
    what: '--shard needs --seed',
    why: 'all shards of a run draw from one seed',
    next: 'give every shard the same, such as --seed 7',
  });
}

function digestOf(world: LaneGround['world']): string {
  return createHash('sha256').update(JSON.stringify(world)).digest('hex').slice(0, 16);
}

const DEEP_MINUTES = 10;
const DEEP_MAX_ROWS = 3000;

/** A deep run also draws workloads of thousands of rows, at times; the command that repeats it says so. */
function usualMaxRows({ minutes = 0 }: FuzzOptions): number {
  return minutes >= DEEP_MINUTES ? DEEP_MAX_ROWS : USUAL_MAX_ROWS;
}

/** A seed that is easy to type. */
function newSeed(): number {
  return 1 + Math.floor(Math.random() * 999_999);
}

function leftOutOfCorpus(cases: number): string {
  return `${cases} cases of the corpus are left out: they take two servers (--from, --to), a newer one, or ICU`;
}

/** Corpus cases are about plans of their own; of all of them a pipeline takes the fixed cycle. */
async function corpusOf(
  { corpus, case: only }: FuzzOptions,
  chosen: ChosenSubject,
  pipeline: Pipeline | undefined,
): Promise<CorpusEntry[]> {
  if (!corpus || only !== undefined) return [];
  if (!pipeline) return readCorpus(PROPERTIES, chosen.subject);
  const trial = withPipeline(smokeCase(), pipeline);
  return [{ file: 'the fixed cycle', trial, property: thePipelineIsFaithful }];
}

/** The options as they were in effect, for the report. */
function shown(options: FuzzOptions): Report['run']['options'] {
  const {
    cases,
    minutes,
    case: only,
    maxRows,
    lanes,
    property,
    explore,
    corpus,
    fault,
    pipeline,
    shrinkSeconds,
    subject,
    migrations,
  } = options;
  const all = {
    cases: minutes === undefined && only === undefined ? (cases ?? USUAL_CASES) : undefined,
    minutes,
    case: only,
    'max-rows': maxRows,
    lanes: lanes ?? availableParallelism(),
    property: property.length === 0 ? undefined : property.join(' '),
    explore,
    corpus,
    fault,
    pipeline,
    'shrink-seconds': shrinkSeconds,
    subject,
    migrations,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

interface RunParts {
  readonly properties: readonly Property[];
  readonly corpus: FuzzPlan['corpus'];
  readonly ground: LaneGround;
  readonly canary: FuzzPlan['canary'];
  readonly fault: FuzzPlan['fault'];
  readonly words: CommandWords;
}

async function run(
  options: Omit<FuzzOptions, 'shard'> & { seed: number; shard: Shard | undefined },
  { properties, corpus, ground, canary, fault, words }: RunParts,
  terminal: Terminal,
): Promise<FuzzResult> {
  const { seed, minutes, counterexamples, shard = WHOLE } = options;
  const cases = minutes === undefined ? (options.cases ?? USUAL_CASES) : undefined;
  using progress = new Progress({
    terminal: process.stderr.isTTY && terminal.loudness !== 'quiet',
    cases: options.case === undefined ? cases && Math.ceil(cases / shard.of) + corpus.length : 1,
    minutes,
    say: terminal.say,
  });
  const plan: FuzzPlan = {
    seed,
    indices: options.case === undefined ? indicesOf(shard, cases) : [options.case],
    deadline: minutes === undefined ? undefined : performance.now() + minutes * 60_000,
    lanes: options.lanes,
    properties,
    corpus,
    shrinkMilliseconds: options.shrinkSeconds * 1000,
    counterexamples,
    canary,
    fault,
    classify: (trial) => classifyCase(trial, ground.world),
  };
  return await new FuzzRun(plan, ground, {
    onOutcome: (outcome) => {
      progress.add(outcome);
      if (terminal.loudness === 'verbose') progress.above(() => terminal.detail(outcomeLine(outcome)));
    },
    onCanary: (flown) => {
      progress.addCanary();
      if (terminal.loudness === 'verbose') progress.above(() => terminal.detail(describeCanary(flown)));
    },
    onShrinking: (signature) => progress.above(() => terminal.say(`shrinking ${signature}`)),
    onFinding: (found) =>
      tellFinding(found, {
        ground,
        counterexamples,
        words,
        terminal,
        above: (print) => progress.above(print),
      }),
  }).run();
}
