import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Case } from '../case/case.ts';
import { upgradeOf } from '../case/upgrade-case.ts';
import { EXIT, firstLine, NoVerdictError } from '../errors.ts';
import { betweenServers } from '../fuzz/between-servers.ts';
import { installSubject } from '../fuzz/install-subject.ts';
import { openOwnServer, requirePipelineEngine } from '../fuzz/own-server.ts';
import type { Servers, ServersChoice } from '../postgres/open-servers.ts';
import { openRun } from '../postgres/run-databases.ts';
import { checkAnnotations, errorAnnotation } from '../report/github.ts';
import { smokeJson } from '../report/smoke-json.ts';
import { explain, smokeVerdict, stepLine, timedLine } from '../report/smoke-text.ts';
import { roundTrip } from '../round-trip.ts';
import type { ChosenSubject } from '../subject/choose-subject.ts';
import { ownRoles } from '../subject/own-roles.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { colours } from './colours.ts';
import { isReported, publishReport } from './publish-report.ts';
import type { SmokeOptions } from './smoke.ts';
import type { Terminal } from './terminal.ts';
import { makePlace, writeWhole } from './write-file.ts';

/** What `smoke` was asked for, on servers that are open. */
interface CyclePlace {
  readonly options: SmokeOptions;
  readonly choice: ServersChoice;
  readonly chosen: ChosenSubject;
  /** The fixed cycle, with a pipeline in it if one is given. */
  readonly cycle: Case;
  readonly servers: Servers;
  /** When the servers were begun with, as `performance.now()` tells it. */
  readonly started: number;
}

/** Runs the cycle, prints what it shows, and writes what is asked for. Returns the exit code. */
export async function runCycle(
  { options, choice, chosen, cycle, servers, started }: CyclePlace,
  terminal: Terminal,
): Promise<number> {
  const { engine, other } = servers;
  const { pipeline } = cycle;
  const clock = stopwatch(terminal, started);
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

function stopwatch({ note }: Terminal, begun: number): (name: string, detail: string) => void {
  let started = begun;
  return (name, detail) => {
    note(timedLine(name, detail, performance.now() - started));
    started = performance.now();
  };
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
