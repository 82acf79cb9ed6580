import { colours } from './colours.ts';
import type { DrillResult } from '../drill/drill-result.ts';
import { describeBytes } from '../drill/describe-dump.ts';
import { openDump } from '../drill/dump-file.ts';
import { runDrill } from '../drill/run-drill.ts';
import { exitCodeOf } from '../fuzz/conclusion.ts';
import { signatureOf } from '../fuzz/signature.ts';
import { openEngine, type EngineChoice } from '../postgres/open-engine.ts';
import { drillReport } from '../report/drill-report.ts';
import { drillJson } from '../report/drill-json.ts';
import { drillHeadline, unprovenLines } from '../report/drill-text.ts';
import { checkLines } from '../report/checks-text.ts';
import { conclusionLine } from '../report/conclusion-text.ts';
import type { Report } from '../report/report.ts';
import { timedLine } from '../report/smoke-text.ts';
import type { CatalogKind } from '../snapshot/catalog.ts';
import { readSnapshotFile } from '../snapshot/snapshot-file.ts';
import { chooseSubject, type SubjectOptions } from '../subject/choose-subject.ts';
import { shellWord } from '../text/shell-word.ts';
import { keepDatabases } from './keep-databases.ts';
import { programName } from './program-name.ts';
import { publishReport, reportOrigin } from './publish-report.ts';
import { engineArguments } from './repeat-command.ts';
import type { Terminal } from './terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { requireDirectoryPlace, requireWritablePlace, writeWhole } from './write-file.ts';

export interface DrillCommandOptions extends Pick<SubjectOptions, 'subject'> {
  readonly dump: string;
  readonly against?: string | undefined;
  readonly exempt: readonly CatalogKind[];
  readonly jobs?: number | undefined;
  readonly json?: string | undefined;
  readonly keep: boolean;
  readonly report?: string | undefined;
}

/** `restoreproof drill`: an operator's dump, restored and looked at. Returns the exit code. */
export async function drill(
  options: DrillCommandOptions,
  choice: EngineChoice,
  terminal: Terminal,
): Promise<number> {
  const { subject } = await chooseSubject(options);
  const dump = await openDump(options.dump);
  const source = options.against === undefined ? undefined : await readSnapshotFile(options.against);
  if (options.json !== undefined) await requireWritablePlace(options.json, '--json');

  if (options.report !== undefined) await requireDirectoryPlace(options.report, '--report');

  const started = performance.now();
  await using engine = await openEngine({
    ...choice,
    reads: dump.reads,
    mayStay: options.keep,
    expectedBytes: dump.bytes,
  });
  terminal.note(timedLine('server', engine.description, performance.now() - started));
  const going = runDrill({
    dump,
    engine,
    subject,
    against: source,
    exempt: options.exempt,
    jobs: options.jobs,
    signal: terminal.signal,
    onStep: (name, detail, milliseconds) => terminal.note(timedLine(name, detail, milliseconds)),
    onWaiting: (name, milliseconds) =>
      terminal.say(`${name} goes on, ${Math.round(milliseconds / 60_000)} min so far`),
    ...(options.keep
      ? {
          hold: (run, restored) =>
            keepDatabases(
              [{ name: 'restored', settings: restored, at: { engine, run } }],
              'the drill is done',
              terminal,
            ),
        }
      : {}),
  });
  const result = await untilInterrupted(going, terminal.signal);

  const against =
    options.against === undefined ? undefined : { file: options.against, takenAt: source?.taken_at ?? '' };
  if (result.databaseBytes !== undefined) {
    terminal.note(`  restored: ${describeBytes(result.databaseBytes)} out of ${describeBytes(dump.bytes)}`);
  }
  const alongside = async (): Promise<void> => {
    if (options.json !== undefined)
      await writeWhole(
        options.json,
        `${JSON.stringify(drillJson(result, dump, against, engine), null, 2)}\n`,
      );
  };
  const run = runOf(options, choice, { dump: dump.bytes, database: result.databaseBytes });
  const milliseconds = performance.now() - started;
  const signature = signatureOfDrill(result);
  const report = drillReport({ ...reportOrigin(engine), result, milliseconds, run, signature });
  const conclusion = await publishReport(report, { directory: options.report, alongside }, terminal);
  const headline = drillHeadline(result, against, colours);
  terminal.print(conclusion.verdict === 'no-verdict' ? conclusionLine(conclusion, colours) : headline);
  for (const line of checkLines(result.checks, colours))
    (conclusion.verdict === 'pass' ? terminal.note : terminal.print)(line);
  for (const line of unprovenLines(result)) terminal.print(line);
  return exitCodeOf(conclusion);
}

function signatureOfDrill({ verdict, checks, refusal }: DrillResult): string {
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  return signatureOf('drill', {
    verdict,
    failed: failed.map(({ id }) => id),
    checks: failed,
    stage: refusal?.stage,
    errorLine: refusal?.firstErrorLine,
  });
}

function runOf(
  { dump, against, exempt }: DrillCommandOptions,
  choice: EngineChoice,
  bytes: { dump: number; database: number | undefined },
): Report['run'] {
  const program = programName();
  const words = [
    `${program} drill --dump ${shellWord(dump)}`,
    ...(against === undefined ? [] : [`--against ${shellWord(against)}`]),
    ...(exempt.length === 0 ? [] : ['--exempt', ...exempt]),
    ...engineArguments(choice),
  ];
  const sizes = {
    'size of the dump': describeBytes(bytes.dump),
    ...(bytes.database === undefined ? {} : { 'size restored': describeBytes(bytes.database) }),
  };
  return {
    program,
    repeat: words.join(' '),
    options: { dump, ...(against === undefined ? {} : { against }), ...sizes },
  };
}
