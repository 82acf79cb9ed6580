import { existsSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { colours } from './colours.ts';
import type { Case } from '../case/case.ts';
import { upgradeOf } from '../case/upgrade-case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { EXIT, firstLine, NoVerdictError, UsageError } from '../errors.ts';
import { betweenServers } from '../fuzz/between-servers.ts';
import { openOwnServer, requirePipelineEngine } from '../fuzz/own-server.ts';
import { installSubject } from '../fuzz/install-subject.ts';
import { openServers, type ServersChoice } from '../postgres/open-servers.ts';
import { openRun } from '../postgres/run-databases.ts';
import { checkAnnotations, errorAnnotation } from '../report/github.ts';
import { smokeJson } from '../report/smoke-json.ts';
import { explain, smokeVerdict, stepLine, timedLine } from '../report/smoke-text.ts';
import { roundTrip } from '../round-trip.ts';
import { CATALOG_KINDS } from '../snapshot/catalog.ts';
import { chooseSubject, type ChosenSubject, type SubjectOptions } from '../subject/choose-subject.ts';
import { ownRoles } from '../subject/own-roles.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import type { Terminal } from './terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { isReported, publishReport } from './publish-report.ts';
import { makePlace, requireDirectoryPlace, requireWritablePlace, writeWhole } from './write-file.ts';

export interface SmokeOptions extends SubjectOptions {
  readonly rows: number;
  readonly pipeline?: string | undefined;
  readonly json?: string | undefined;
  readonly keep?: string | undefined;
  readonly report?: string | undefined;
}

/** `restoreproof smoke`: the fixed cycle, once. Returns the exit code. */
export async function smoke(
  options: SmokeOptions,
  choice: ServersChoice,
  terminal: Terminal,
): Promise<number> {
  if (options.json !== undefined) await requireWritablePlace(options.json, '--json');
  if (options.report !== undefined) await requireDirectoryPlace(options.report, '--report');
  const chosen = await chooseSubject(options);
  if (options.keep !== undefined) await requireEmptyPlace(options.keep);

  const cycle = await smokeTrial(options, chosen);
  const { pipeline } = cycle;

  const clock = stopwatch(terminal);
  await using servers = await openServers(choice);
  const { engine, other } = servers;
  if (pipeline) requirePipelineEngine(engine, pipeline);
  const trial = other ? upgradeOf(cycle, engine.serverVersion.major, other.serverVersion.major) : cycle;
  clock('server', engine.description);
  if (other) clock('to', other.description);
  await using server =
    pipeline?.scope === 'cluster' ? await openOwnServer(engine, chosen.subject, terminal.signal) : undefined;
  await using directory = await engine.openDirectory();
  await using _ = await ownRoles(chosen, engine, terminal.say);
  await using run = await openRun(engine);
  const installed = await untilInterrupted(
    installSubject(chosen, { engine, freshDatabase: () => run.create(), signal: terminal.signal }),
    terminal.signal,
  );
  await using database = installed.database;
  clock('subject', chosen.description);

  await using otherRun = other && (await openRun(other));
  const goal = other && otherRun && { engine: other, run: otherRun };
  const between = trial.upgrade && betweenServers(trial.upgrade, { engine, other: goal });
  const to = goal ?? { engine, run };
  const result = await roundTrip(trial, {
    tools: between?.tools ?? engine.tools,
    restoreTools: between?.restoreTools,
    database: database.settings,
    maintenance: to.engine.connectionTo(to.engine.maintenanceDatabase),
    createTarget: (asked) => to.run.create(asked),
    subject: installed.subject,
    directory: directory.path,
    ...server,
    thorough: true,
    signal: terminal.signal,
    trialMilliseconds: choice.trialMilliseconds,
    onStep: (step) => terminal.note(stepLine(step, trial)),
  });

  const [headline = '', ...lines] = smokeVerdict(result, colours);
  terminal.print(headline);
  for (const line of lines) (result.verdict === 'faithful' ? terminal.note : terminal.print)(line);
  if (process.env['GITHUB_ACTIONS'] === 'true') annotate(result, terminal);
  if (options.keep !== undefined)
    await keep(options.keep, server?.directory ?? directory.path, result, terminal);
  if (options.json !== undefined) {
    await writeWhole(options.json, `${JSON.stringify(smokeJson(trial, result, engine), null, 2)}\n`);
  }
  if (isReported(options.report)) {
    const { smokeReport } = await import('./smoke-report.ts');
    const report = smokeReport(options, choice, engine, { trial, chosen, result });
    await publishReport(report, options.report, terminal);
  }
  return result.verdict === 'faithful' ? EXIT.asPredicted : EXIT.findings;
}

/** @throws UsageError for migrations with a pipeline that has a server of its own */
async function smokeTrial(
  { rows, migrations, pipeline: file }: SmokeOptions,
  { subject }: ChosenSubject,
): Promise<Case> {
  const trial = smokeCase(rows, subject.loading !== undefined);
  if (file === undefined) return trial;
  // Loaded here: what reads YAML and draws cases is large, and most runs have no such file.
  const [{ readPipelineFile }, { withPipeline }] = await Promise.all([
    import('../case/pipeline-file.ts'),
    import('../case/pipeline-case.ts'),
  ]);
  const pipeline = await readPipelineFile(file, CATALOG_KINDS);
  if (pipeline.scope !== 'cluster' || migrations === undefined) return withPipeline(trial, pipeline);
  throw new UsageError({
    what: '--migrations does not go with a pipeline whose `scope` is `cluster`',
    why: 'its server is the trial’s own, with the built-in audit chain in it',
    next: 'leave one of the two out',
  });
}

function stopwatch({ note }: Terminal): (name: string, detail: string) => void {
  let started = performance.now();
  return (name, detail) => {
    note(timedLine(name, detail, performance.now() - started));
    started = performance.now();
  };
}

/** An existing directory with files in it is not written into: what was kept before is not lost. */
async function requireEmptyPlace(directory: string): Promise<void> {
  await requireDirectoryPlace(directory, '--keep');
  const files = await readdir(directory).catch(() => []);
  if (files.length === 0) return;
  throw new UsageError({
    what: `--keep ${directory} is not empty`,
    next: 'name a directory that is new or empty',
  });
}

const outputs = (stage: string): string[] => [`${stage}.stdout`, `${stage}.stderr`];

/** What pg_dump left, or the dump command of a pipeline, and what the commands printed. */
const DUMPED = ['audit.dump', 'dump', ...['dump', 'wipe', 'restore'].flatMap(outputs)];

async function keep(kept: string, directory: string, result: TrialResult, { say }: Terminal): Promise<void> {
  const { source, restored } = result;
  await makePlace(kept);
  const { writeSnapshot } = await import('./write-snapshot.ts');
  const files = await writeSnapshot(join(kept, 'pre.json'), source);
  if (restored) files.push(...(await writeSnapshot(join(kept, 'post.json'), restored)));
  // A trial that did not come as far as the dump leaves none.
  for (const name of DUMPED.filter((each) => existsSync(join(directory, each)))) {
    await cp(join(directory, name), join(kept, name), { recursive: true }).catch((cause: unknown) => {
      throw new NoVerdictError({ what: `${name} cannot be kept in ${kept}`, why: firstLine(cause), cause });
    });
    files.push(name);
  }
  say(`kept in ${kept}: ${files.map((file) => basename(file)).join(', ')}`);
}

function annotate(result: TrialResult, { print }: Terminal): void {
  if (result.verdict === 'faithful') return;
  const failures = checkAnnotations(result.checks);
  if (failures.length === 0) print(errorAnnotation(`restoreproof smoke: ${result.verdict}`, explain(result)));
  for (const line of failures) print(line);
}
