import { readdir } from 'node:fs/promises';
import type { Case } from '../case/case.ts';
import { pipelineReads } from '../case/pipeline-reads.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { UsageError } from '../errors.ts';
import { openServers, type ServersChoice } from '../postgres/open-servers.ts';
import { chooseSubject, type ChosenSubject, type SubjectOptions } from '../subject/choose-subject.ts';
import { pipelineOf } from './pipeline-of.ts';
import type { Terminal } from './terminal.ts';
import { requireDirectoryPlace, requireWritablePlace } from './write-file.ts';

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

  const started = performance.now();
  // The rest of the program is read while initdb is at work.
  const loading = import('./smoke-cycle.ts');
  const reads = pipelineReads(cycle.pipeline, options.pipeline);
  await using servers = await openServers({ ...choice, reads });
  const { runCycle } = await loading;
  return await runCycle({ options, choice, chosen, cycle, servers, started }, terminal);
}

async function smokeTrial({ rows, pipeline: file }: SmokeOptions, { subject }: ChosenSubject): Promise<Case> {
  const trial = smokeCase(rows, subject.loading !== undefined);
  const pipeline = await pipelineOf(file);
  if (!pipeline) return trial;
  // Loaded here: it can draw cases, too, for which the library is large.
  const { withPipeline } = await import('../case/pipeline-case.ts');
  return withPipeline(trial, pipeline);
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
