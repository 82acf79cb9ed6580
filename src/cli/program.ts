import { Command, Option } from '@commander-js/extra-typings';
import { USUAL_MAX_ROWS } from '../case/world.ts';
import { SMOKE_ROWS } from '../case/smoke-case.ts';
import { packageVersion } from '../package-root.ts';
import { addDrill, addSnapshot, addVerify } from './database-commands.ts';
import {
  engineChoice,
  pipelineOption,
  migrationsOption,
  positiveNumber,
  trialTimeoutOption,
  reportOption,
  subjectOption,
  USUAL_CASES,
  USUAL_SELFTEST_CASES,
  USUAL_TRIAL_SECONDS,
  wholeNumber,
  withEngine,
  withServers,
  type Finish,
} from './options.ts';
import { addMatrix } from './matrix-command.ts';
import type { Terminal } from './terminal.ts';

const MOST_SMOKE_ROWS = 1_000_000;
const MOST_ROWS = 100_000;
const MOST_CASES = 100_000_000;
const MOST_SECONDS = 86_400;
const MOST_SEED = 2_147_483_647;

/** The whole command line. Nothing runs until it parses, and only the command that runs is loaded. */
export function buildProgram(terminal: Terminal, finish: Finish) {
  const program = new Command('restoreproof')
    .description('Proves that a PostgreSQL restore gives a tamper-evident audit chain back, byte for byte.')
    .version(packageVersion())
    .showHelpAfterError('  next: run with --help for what is possible')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'restoreproof: ')) })
    .configureHelp({ showGlobalOptions: true })
    .addOption(quietOption)
    .addOption(verboseOption)
    .addHelpText('after', EXIT_CODES);
  program.hook('preAction', () => {
    const { quiet, verbose } = program.opts();
    terminal.loudness = quiet ? 'quiet' : verbose ? 'verbose' : 'usual';
  });
  addSmoke(program.command('smoke'), terminal, finish);
  addFuzz(program.command('fuzz'), terminal, finish);
  addMerge(program.command('merge'), terminal, finish);
  addMatrix(program.command('matrix'), terminal, finish);
  addReplay(program.command('replay'), terminal, finish);
  addShrink(program.command('shrink'), terminal, finish);
  addSelftest(program.command('selftest'), terminal, finish);
  addSnapshot(program.command('snapshot'), terminal, finish);
  addVerify(program.command('verify'), terminal, finish);
  addDrill(program.command('drill'), terminal, finish);
  addDoctor(program.command('doctor'), terminal, finish);
  return program;
}

const quietOption = new Option('--quiet', 'print the verdict and the findings alone').default(false);
const verboseOption = new Option('--verbose', 'print a line for each case, too')
  .default(false)
  .conflicts(['quiet']);

function addSmoke(command: Command, terminal: Terminal, finish: Finish): void {
  withServers(
    command
      .description('run the fixed cycle once: events, pg_dump, wipe, pg_restore, every check')
      .option('--rows <n>', 'how many events', wholeNumber(1, MOST_SMOKE_ROWS), SMOKE_ROWS)
      .addOption(subjectOption)
      .addOption(migrationsOption)
      .addOption(smokeTimeoutOption)
      .addOption(pipelineOption)
      .option('--json <file>', 'write both snapshots, the versions and the verdict')
      .option('--keep <dir>', 'keep the dump and both snapshots in a new directory')
      .addOption(reportOption),
  ).action(async (asked) => {
    const trialTimeout = asked.trialTimeout ?? USUAL_TRIAL_SECONDS + Math.ceil(asked.rows / 500);
    const options = { ...asked, trialTimeout };
    const { smoke } = await import('./smoke.ts');
    finish(await smoke(options, engineChoice(options, terminal), terminal));
  });
}

const smokeTimeoutOption = new Option(
  '--trial-timeout <seconds>',
  `how long it may take before it is given up (${USUAL_TRIAL_SECONDS}, and one more for every 500 rows)`,
).argParser(wholeNumber(1, MOST_SECONDS));

function addFuzz(command: Command, terminal: Terminal, finish: Finish): void {
  withServers(
    command
      .description(
        'draw workloads and dump/restore plans, predict, run and compare; shrink what is not as predicted',
      )
      .addOption(casesOption)
      .option('--minutes <m>', 'draw cases until the time is up', positiveNumber(MOST_SECONDS))
      .addOption(subjectOption)
      .addOption(migrationsOption)
      .option('--seed <s>', 'draw the same cases again (a new seed unless given)', wholeNumber(0, MOST_SEED))
      .addOption(caseOption)
      .option(
        '--max-rows <n>',
        `rows of a drawn workload at most (${USUAL_MAX_ROWS}; in a run of 10 minutes or more 3000)`,
        wholeNumber(1, MOST_ROWS),
      )
      .option('--lanes <l>', 'trials side by side (one per core unless given)', wholeNumber(1, 256))
      .option('--property <name...>', 'only these promises', NO_NAMES)
      .addOption(exploreOption)
      .addOption(shardOption)
      .addOption(trialTimeoutOption)
      .addOption(drawnPipelineOption)
      .option('--no-corpus', 'leave the corpus out')
      .option('--coverage', 'print how often each class of value, option and target occurred', false)
      .option('--fault <file>', 'SQL done to every restored database, or mutant:ID: what a run has to find')
      .option('--counterexamples <dir>', 'where findings are written', 'counterexamples')
      .addOption(reportOption)
      .option(
        '--shrink-seconds <s>',
        'how long one finding may be shrunk',
        wholeNumber(0, MOST_SECONDS),
        120,
      ),
  ).action(async (options) => {
    const { fuzz } = await import('./fuzz.ts');
    finish(await fuzz(options, engineChoice(options, terminal), terminal));
  });
}

const NO_NAMES: string[] = [];

const casesOption = new Option('--cases <n>', `how many cases (${USUAL_CASES} unless --minutes is given)`)
  .argParser(wholeNumber(1, MOST_CASES))
  .conflicts(['minutes', 'case']);
const caseOption = new Option('--case <i>', 'only case I of the seed')
  .argParser(wholeNumber(0, MOST_CASES))
  .conflicts(['minutes']);
const shardOption = new Option(
  '--shard <i/n>',
  'the i-th of n equal parts of the cases; auto/n in a pod of a Kubernetes Indexed Job; needs --seed',
).conflicts(['case']);
const exploreOption = new Option('--explore', 'draw from the whole space, hazards included')
  .default(false)
  .conflicts(['property']);

/** What a pipeline leaves to be drawn is for one property alone. */
const drawnPipelineOption = new Option(pipelineOption.flags, pipelineOption.description).conflicts([
  'property',
  'explore',
]);

function addMerge(command: Command, terminal: Terminal, finish: Finish): void {
  command
    .description('put the reports of all shards of a run together, and those of other commands beside it')
    .argument('<report...>', 'report.json of each shard and command, or the directory it is in')
    .addOption(reportOption)
    .action(async (paths, options) => {
      const { merge } = await import('./merge.ts');
      finish(await merge(paths, options, terminal));
    });
}

function addReplay(command: Command, terminal: Terminal, finish: Finish): void {
  withServers(
    command
      .description('run one case again, from a case.json or the folder of a counterexample')
      .argument('<file>', 'case.json, or the folder it is in')
      .addOption(subjectOption)
      .addOption(migrationsOption)
      .addOption(trialTimeoutOption)
      .addOption(pipelineOption)
      .option('--keep', 'leave its databases for a look, and print how to enter and to end them', false),
  ).action(async (file, options) => {
    const { replay } = await import('./replay.ts');
    finish(await replay(file, options, engineChoice(options, terminal), terminal));
  });
}

function addShrink(command: Command, terminal: Terminal, finish: Finish): void {
  withServers(
    command
      .description('go on making a failing case smaller; writes case.json beside it')
      .argument('<file>', 'case.json, or the folder it is in')
      .addOption(subjectOption)
      .addOption(migrationsOption)
      .addOption(trialTimeoutOption)
      .addOption(pipelineOption)
      .option('--seconds <s>', 'how long', wholeNumber(1, MOST_SECONDS), 120),
  ).action(async (file, options) => {
    const { shrinkFile } = await import('./replay.ts');
    finish(await shrinkFile(file, options, engineChoice(options, terminal), terminal));
  });
}

function addSelftest(command: Command, terminal: Terminal, finish: Finish): void {
  withEngine(
    command
      .description('put known faults into trials, one after another: the checks have to see each of them')
      .option(
        '--mutant <id...>',
        'only these faults (all unless given; docs/kill-matrix.md names them)',
        NO_NAMES,
      )
      .option(
        '--cases <n>',
        'after the fixed case, drawn ones at most, until each fault has struck',
        wholeNumber(0, MOST_CASES),
        USUAL_SELFTEST_CASES,
      )
      .option('--seed <s>', 'which cases are drawn', wholeNumber(0, MOST_SEED), 1)
      .option('--lanes <l>', 'trials side by side (one per core unless given)', wholeNumber(1, 256))
      .addOption(trialTimeoutOption)
      .option('--json <file>', 'write which check reported which fault')
      .addOption(reportOption),
  ).action(async (options) => {
    const { selftest } = await import('./selftest.ts');
    finish(await selftest(options, engineChoice(options, terminal), terminal));
  });
}

function addDoctor(command: Command, terminal: Terminal, finish: Finish): void {
  withEngine(
    command.description('show what was found, what would be used and why, and what to install'),
  ).action(async (options) => {
    const { doctor } = await import('./doctor.ts');
    finish(await doctor(engineChoice(options, terminal), terminal));
  });
}

const EXIT_CODES = `
Exit codes:
  0  everything as predicted
  1  findings: a restore is not faithful
  2  the command, its input or the server given cannot be used
  3  no verdict: infrastructure gave way (never a pass, never a finding)`;
