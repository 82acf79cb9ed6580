import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import colours from 'picocolors';
import { readCaseFile, type CaseFile } from '../case/case-file.ts';
import { EXIT, UsageError } from '../errors.ts';
import { propertyNamed } from '../fuzz/corpus.ts';
import { Counterexample } from '../fuzz/counterexample.ts';
import { Lane, type LaneGround } from '../fuzz/lane.ts';
import type { Judgement, Property } from '../fuzz/property.ts';
import { shrink } from '../fuzz/shrink/shrink.ts';
import { signatureOf } from '../fuzz/signature.ts';
import { withGround } from '../fuzz/with-ground.ts';
import type { ConnectionSettings } from '../postgres/connection.ts';
import { openEngine, type EngineChoice } from '../postgres/open-engine.ts';
import { PROPERTIES } from '../../properties/all.ts';
import { checkLines } from '../report/checks-text.ts';
import type { Terminal } from './options.ts';

/** `restoreproof replay`: one case file again. Returns the exit code. */
export async function replay(
  path: string,
  { keep }: { keep: boolean },
  choice: EngineChoice,
  terminal: Terminal,
): Promise<number> {
  const { trial, found } = await readCaseFile(await caseFile(path));
  const property = propertyNamed(PROPERTIES, found?.property);
  await using engine = await openEngine(choice);
  const hold = keep ? holdDatabases(terminal) : undefined;
  return await withGround(engine, { signal: terminal.signal, hold }, async (ground) => {
    terminal.print(`replaying ${path} by ${property.name} on ${engine.description}`);
    const judged = await property.judge(trial, new Lane(ground, 'replay'));
    for (const line of replayLines(judged, { trial, found })) terminal.print(line);
    return judged.finding ? EXIT.findings : EXIT.asPredicted;
  });
}

/** A folder stands for the case in it. */
async function caseFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ? join(path, 'case.json') : path;
}

function replayLines(judged: Judgement, { found }: CaseFile): string[] {
  const { finding, predicted, verdict } = judged;
  if (finding) {
    return [
      `${colours.red('FAIL')}  ${finding.summary}`,
      `  expected   ${finding.expected}`,
      `  seen       ${finding.verdict}${finding.stage === undefined ? '' : ` at ${finding.stage}`}`,
      ...(finding.errorLine === undefined ? [] : [`  error      ${finding.errorLine}`]),
      ...checkLines(finding.checks, colours),
    ];
  }
  const fails =
    found?.signature === undefined ? [] : [`  it no longer fails: it was found with server ${found.server}`];
  return [`${colours.green('PASS')}  ${verdict}, as predicted: ${predicted}`, ...fails];
}

/** Prints how to enter the databases and waits for Enter, or for the end of the run. */
function holdDatabases({ print, signal }: Terminal): LaneGround['hold'] {
  return async ({ source, target }, { verdict }) => {
    print(`the trial was ${verdict}; its databases are kept until you press Enter:`);
    print(`  source     ${psqlCommand(source)}`);
    if (target.database !== source.database) print(`  restored   ${psqlCommand(target)}`);
    const lines = createInterface({ input: process.stdin });
    try {
      await lines.question('', { signal });
    } catch {
      signal.throwIfAborted();
    } finally {
      lines.close();
    }
  };
}

function psqlCommand({ host, port, user, database }: ConnectionSettings): string {
  return `psql --host=${host} --port=${port} --username=${user} --dbname=${database}`;
}

/** `restoreproof shrink`: goes on making a failing case smaller, and writes it beside itself. Returns the exit code. */
export async function shrinkFile(
  path: string,
  { seconds }: { seconds: number },
  choice: EngineChoice,
  terminal: Terminal,
): Promise<number> {
  const file = await caseFile(path);
  const { trial, found } = await readCaseFile(file);
  const property = propertyNamed(PROPERTIES, found?.property);
  await using engine = await openEngine(choice);
  return await withGround(engine, { signal: terminal.signal }, async (ground) => {
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
    const written = new Counterexample(dirname(dirname(resolve(file))), basenameOf(dirname(resolve(file))));
    await written.writeCase(shrunk.trial, { ...found, property: property.name, signature });
    terminal.print(
      `${shrunk.trials} trials; ${shrunk.end}; written to ${join(written.directory, 'case.json')}`,
    );
    return EXIT.asPredicted;
  });
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
