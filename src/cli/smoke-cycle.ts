import type { Case } from '../case/case.ts';
import { upgradeOf } from '../case/upgrade-case.ts';
import { betweenServers } from '../fuzz/between-servers.ts';
import { installSubject } from '../fuzz/install-subject.ts';
import { openOwnServer, requirePipelineEngine } from '../fuzz/own-server.ts';
import type { Servers, ServersChoice } from '../postgres/open-servers.ts';
import { openRun } from '../postgres/run-databases.ts';
import { stepLine, timedLine } from '../report/smoke-text.ts';
import { roundTrip } from '../round-trip.ts';
import type { ChosenSubject } from '../subject/choose-subject.ts';
import { ownRoles } from '../subject/own-roles.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { concludeSmoke } from './conclude-smoke.ts';
import type { SmokeOptions } from './smoke.ts';
import type { Terminal } from './terminal.ts';

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
  await using directory = await engine.openDirectory();
  await using _ = await ownRoles(chosen, engine, terminal.say);
  await using run = await openRun(engine);
  const installed = await untilInterrupted(
    installSubject(chosen, { engine, freshDatabase: () => run.create(), signal: terminal.signal }),
    terminal.signal,
  );
  await using database = installed.database;
  await using server =
    pipeline?.scope === 'cluster'
      ? await openOwnServer(engine, installed.subject, terminal.signal)
      : undefined;
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

  const tried = { trial, chosen, result, place: server?.directory ?? directory.path };
  return await concludeSmoke(options, { choice, engine }, tried, terminal);
}

function stopwatch({ note }: Terminal, begun: number): (name: string, detail: string) => void {
  let started = begun;
  return (name, detail) => {
    note(timedLine(name, detail, performance.now() - started));
    started = performance.now();
  };
}
