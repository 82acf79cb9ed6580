import { requireFittingTools } from '../fuzz/needs.ts';
import { availableParallelism } from 'node:os';
import { colours } from './colours.ts';
import { exitCodeOf } from '../fuzz/conclusion.ts';
import {
  aloneKilled,
  isFlaw,
  missedByFirstFour,
  standingOf,
  type SelftestResult,
} from '../fuzz/selftest/selftest-result.ts';
import { runSelftest } from '../fuzz/selftest/selftest-run.ts';
import { withGround } from '../fuzz/with-ground.ts';
import { MUTANTS, mutantNamed } from '../mutants/catalogue.ts';
import type { Mutant } from '../mutants/mutant.ts';
import type { Engine } from '../postgres/engine.ts';
import { openEngine, type EngineChoice } from '../postgres/open-engine.ts';
import { killMatrixLines, selftestSummary } from '../report/kill-matrix-text.ts';
import type { Report } from '../report/report.ts';
import { selftestReport } from '../report/selftest-report.ts';
import { selftestJson } from '../report/selftest-json.ts';
import { CHECK_IDS, FIRST_FOUR_CHECKS, NEVER_ALONE } from '../verdict/check.ts';
import { programName } from './program-name.ts';
import { publishReport, reportOrigin } from './publish-report.ts';
import { engineArguments } from './repeat-command.ts';
import type { Terminal } from './terminal.ts';
import { requireDirectoryPlace, requireWritablePlace, writeWhole } from './write-file.ts';

export interface SelftestOptions {
  readonly mutant: readonly string[];
  readonly cases: number;
  readonly seed: number;
  readonly lanes?: number | undefined;
  readonly json?: string | undefined;
  readonly report?: string | undefined;
}

const VIEW = {
  checks: CHECK_IDS,
  firstFour: FIRST_FOUR_CHECKS,
  standingOf,
  isFlaw,
  missedByFirstFour,
};

/** `restoreproof selftest`: every mutant has to be seen. Returns the exit code. */
export async function selftest(
  options: SelftestOptions,
  choice: EngineChoice,
  terminal: Terminal,
): Promise<number> {
  const { print, note, say, signal } = terminal;
  const mutants = orAll(options.mutant.map(mutantNamed));
  if (options.json !== undefined) await requireWritablePlace(options.json, '--json');
  if (options.report !== undefined) await requireDirectoryPlace(options.report, '--report');
  await using engine = await openEngine(choice);
  requireFittingTools(engine);
  note(`${engine.description}; seed ${options.seed}; ${mutants.length} mutants`);
  const plan = { ...options, mutants, lanes: options.lanes ?? availableParallelism() };
  const result = await withGround(engine, { signal, trialMilliseconds: choice.trialMilliseconds }, (ground) =>
    runSelftest(plan, ground, { onCase: (what, count) => say(`${what}: ${count} mutants`) }),
  );
  for (const line of killMatrixLines(result, VIEW, colours)) note(line);
  const run = runOf(options, choice, plan.lanes);
  const { report: directory, json } = options;
  const alongside = async (): Promise<void> => {
    if (json !== undefined) await writeWhole(json, jsonOf(result, engine));
  };
  const again = (mutant: string): string =>
    runOf({ ...options, mutant: [mutant] }, choice, plan.lanes).repeat;
  const report = selftestReport({ ...VIEW, ...reportOrigin(engine), result, run, again });
  const conclusion = await publishReport(report, { directory, alongside }, terminal);
  for (const line of selftestSummary(result, { view: VIEW, conclusion, palette: colours })) print(line);
  return exitCodeOf(conclusion);
}

function runOf({ mutant, cases, seed }: SelftestOptions, choice: EngineChoice, lanes: number): Report['run'] {
  const program = programName();
  const named = mutant.length === 0 ? [] : ['--mutant', ...mutant];
  const words = [
    program,
    'selftest',
    `--seed ${seed}`,
    `--cases ${cases}`,
    ...named,
    ...engineArguments(choice),
  ];
  return { program, repeat: words.join(' '), seed, options: { cases, lanes } };
}

/** None named: all of them. */
function orAll(named: readonly Mutant[]): readonly Mutant[] {
  return named.length === 0 ? MUTANTS : named;
}

function jsonOf(result: SelftestResult, { serverVersion, tools }: Engine): string {
  return selftestJson(result, {
    versions: { server: serverVersion.text, tools: tools.version.text },
    alone: aloneKilled(result.reports),
    neverAlone: NEVER_ALONE,
    standingOf,
    missedByFirstFour,
  });
}
