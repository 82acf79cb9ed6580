import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { colours } from './colours.ts';
import { carryOver } from '../case/carry-over.ts';
import type { Case } from '../case/case.ts';
import { readCaseFile, type CaseFile } from '../case/case-file.ts';
import { withPipeline } from '../case/pipeline-case.ts';
import { pipelineReads } from '../case/pipeline-reads.ts';
import { EXIT, UsageError } from '../errors.ts';
import { propertyNamed } from '../fuzz/corpus.ts';
import { Counterexample } from '../fuzz/counterexample.ts';
import { Lane, type LaneGround } from '../fuzz/lane.ts';
import { requireFit, requireKnown } from '../fuzz/needs.ts';
import { requirePipelineEngine } from '../fuzz/own-server.ts';
import type { Judgement, Property } from '../fuzz/property.ts';
import { shrink } from '../fuzz/shrink/shrink.ts';
import { signatureOf } from '../fuzz/signature.ts';
import { withGround } from '../fuzz/with-ground.ts';
import { openServers, type ServersChoice } from '../postgres/open-servers.ts';
import { PROPERTIES } from '../../properties/all.ts';
import { thePipelineIsFaithful } from '../../properties/the-pipeline-is-faithful.ts';
import { chooseSubject, type ChosenSubject, type SubjectOptions } from '../subject/choose-subject.ts';
import { checkLines } from '../report/checks-text.ts';
import { keepDatabases } from './keep-databases.ts';
import { pipelineOf } from './pipeline-of.ts';
import type { Terminal } from './terminal.ts';

/** `restoreproof replay`: one case file again. Returns the exit code. */
export async function replay(
  path: string,
  { keep, pipeline, ...options }: SubjectOptions & { keep: boolean; pipeline?: string | undefined },
  choice: ServersChoice,
  terminal: Terminal,
): Promise<number> {
  const { trial, reads, found, property, chosen } = await readCase(await caseFile(path), options, pipeline);
  if (keep && trial.pipeline?.server) throw refuseToKeep();
  requireKnown(property, chosen);
  await using servers = await openServers({ ...choice, reads, mayStay: keep });
  const { engine, other } = servers;
  requireFit(property, servers);
  if (trial.pipeline) requirePipelineEngine(engine, trial.pipeline);
  const { signal, trialMilliseconds } = choice;
  return await withGround(
    engine,
    { chosen, say: terminal.say, signal, trialMilliseconds, other },
    async (ground) => {
      terminal.note(`replaying ${path} by ${property.name} on ${engine.description}`);
      if (chosen.recorded !== undefined) terminal.note(`subject: ${chosen.description}`);
      const hold = keep ? keepTrial(ground, trial, terminal) : undefined;
      const judged = await property.judge(trial, new Lane({ ...ground, hold }, 'replay'));
      for (const line of replayLines(judged, property, found)) terminal.print(line);
      return judged.finding ? EXIT.findings : EXIT.asPredicted;
    },
  );
}

/** A folder stands for the case in it. */
async function caseFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ? join(path, 'case.json') : path;
}

/** A case as it is to be tried. */
interface CaseToTry extends CaseFile {
  /** What the commands of its pipeline read on this machine. */
  readonly reads: readonly string[];
  /** The subject that it is tried on. */
  readonly chosen: ChosenSubject;
  /** By which it is judged. */
  readonly property: Property;
}

/**
 * A case, by the commands of a file where one is named, and carried over to another subject where that is named.
 */
async function readCase(file: string, options: SubjectOptions, pipelineFile?: string): Promise<CaseToTry> {
  const { trial: written, found, subject: recorded } = await readCaseFile(file);
  const named = options.subject !== undefined || options.migrations !== undefined;
  const chosen = await chooseSubject(options, recorded);
  const from = named ? (await chooseSubject({}, recorded)).subject : chosen.subject;
  const carried = carryOver(written, from.traits, chosen.subject.traits);
  const pipeline = await pipelineOf(pipelineFile);
  const trial = pipeline ? withPipeline(carried, pipeline) : carried;
  const reads = pipelineReads(pipeline, pipelineFile);
  const name = trial.pipeline ? thePipelineIsFaithful.name : found?.property;
  return { trial, reads, found, subject: recorded, chosen, property: propertyNamed(PROPERTIES, name) };
}

function replayLines(judged: Judgement, { name }: Property, found: CaseFile['found']): string[] {
  const { finding, predicted, verdict } = judged;
  const known = found?.signature;
  if (finding) {
    const same = known === undefined || known === signatureOf(name, finding);
    return [
      `${colours.red('FAIL')}  ${finding.summary}`,
      `  expected   ${finding.expected}`,
      `  seen       ${finding.verdict}${finding.stage === undefined ? '' : ` at ${finding.stage}`}`,
      ...(finding.errorLine === undefined ? [] : [`  error      ${finding.errorLine}`]),
      ...checkLines(finding.checks, colours),
      ...(same ? [] : [`  it fails in another way than it did where it was found: ${known}`]),
    ];
  }
  const fails =
    known === undefined ? [] : [`  it no longer fails: it was found with server ${found?.server}`];
  return [`${colours.green('PASS')}  ${verdict}, as predicted: ${predicted}`, ...fails];
}

function refuseToKeep(): UsageError {
  return new UsageError({
    what: '--keep cannot keep what a pipeline with a `server` of its own restored',
    why: 'the pipeline stops that server at the end of the trial, and the source has been wiped by then',
    next: 'leave --keep out; `smoke --keep DIR` keeps the dump and both snapshots',
  });
}

/** Leaves the databases of each trial behind. */
function keepTrial(ground: LaneGround, { upgrade }: Case, terminal: Terminal): LaneGround['hold'] {
  return async ({ source, target, own }, { verdict }) => {
    const what = `the trial was ${verdict}`;
    if (own) {
      // Of a trial with a server of its own, the server stays, and nothing on it is renamed.
      const run = { keep: (name: string) => Promise.resolve(own.connectionTo(name)) };
      const kept = { name: 'restored', settings: target, at: { engine: own, run } };
      return await keepDatabases([kept], what, terminal);
    }
    const restored = {
      name: 'restored',
      settings: target,
      at: upgrade && ground.other ? ground.other : ground,
    };
    const same = restored.at === ground && target.database === source.database;
    const databases = same ? [restored] : [{ name: 'source', settings: source, at: ground }, restored];
    await keepDatabases(databases, what, terminal);
  };
}

/** `restoreproof shrink`: goes on making a failing case smaller, and writes it beside itself. Returns the exit code. */
export async function shrinkFile(
  path: string,
  { seconds, pipeline, ...options }: SubjectOptions & { seconds: number; pipeline?: string | undefined },
  choice: ServersChoice,
  terminal: Terminal,
): Promise<number> {
  const file = await caseFile(path);
  const { trial, reads, found, property, chosen } = await readCase(file, options, pipeline);
  requireKnown(property, chosen);
  await using servers = await openServers({ ...choice, reads });
  const { engine, other } = servers;
  requireFit(property, servers);
  if (trial.pipeline) requirePipelineEngine(engine, trial.pipeline);
  const { signal, trialMilliseconds } = choice;
  return await withGround(
    engine,
    { chosen, say: terminal.say, signal, trialMilliseconds, other },
    async (ground) => {
      const lane = new Lane(ground, 'shrink');
      const { finding } = await property.judge(trial, lane);
      if (!finding) {
        throw new UsageError({
          what: `${file} does not fail here, so there is nothing to shrink`,
          next: `run \`restoreproof replay ${file}\` to see what it shows`,
        });
      }
      const signature = signatureOf(property.name, finding);
      const shrunk = await shrink(trial, {
        fails: async (simpler) => failsAlike(property, simpler, lane, signature),
        budgetMilliseconds: seconds * 1000,
        signal: terminal.signal,
      });
      const folder = dirname(resolve(file));
      const written = new Counterexample(dirname(folder), basenameOf(folder), chosen.recorded);
      await written.writeCase(shrunk.trial, { ...found, property: property.name, signature });
      terminal.print(
        `${shrunk.trials} trials; ${shrunk.end}; written to ${join(written.directory, 'case.json')}`,
      );
      return EXIT.asPredicted;
    },
  );
}

function basenameOf(directory: string): string {
  return directory.slice(dirname(directory).length).replace(/^\//, '');
}

async function failsAlike(
  property: Property,
  trial: Parameters<Property['judge']>[0],
  lane: Lane,
  signature: string,
) {
  try {
    const { finding } = await property.judge(trial, lane);
    return finding !== undefined && signatureOf(property.name, finding) === signature;
  } catch {
    return false;
  }
}
