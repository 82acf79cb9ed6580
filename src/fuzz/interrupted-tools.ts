import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Interruption } from '../case/case.ts';
import type { ClientTools } from '../postgres/client-tools.ts';

type Stage = Interruption['during'];
type RunTool = ClientTools['run'];

function stageOf(tool: Parameters<RunTool>[0]): Stage {
  return tool === 'pg_dump' ? 'dump' : 'restore';
}

/** How long the tools of a stage ran, and the bytes of the largest file that a dump made. */
export interface Measure {
  readonly milliseconds: Record<Stage, number>;
  largestFile: number;
}

/** Tools that are measured as they run. */
export function measuredTools(tools: ClientTools): ClientTools & { readonly measure: Measure } {
  const measure: Measure = { milliseconds: { dump: 0, restore: 0 }, largestFile: 0 };
  const run: RunTool = async (tool, argv, options) => {
    const ran = await tools.run(tool, argv, options);
    measure.milliseconds[stageOf(tool)] += ran.milliseconds;
    if (tool === 'pg_dump') measure.largestFile = Math.max(measure.largestFile, await largestFileOf(argv));
    return ran;
  };
  return { ...tools, run, measure };
}

/** In bytes, of what `--file` names; 0 where nothing is there. */
async function largestFileOf(argv: readonly string[]): Promise<number> {
  const file = argv.find((word) => word.startsWith('--file='))?.slice('--file='.length);
  return file === undefined ? 0 : await largestFileIn(file).catch(() => 0);
}

async function largestFileIn(archive: string): Promise<number> {
  const found = await stat(archive);
  if (!found.isDirectory()) return found.size;
  const names = await readdir(archive);
  return Math.max(0, ...(await Promise.all(names.map((name) => largestFileIn(join(archive, name))))));
}

/** What is done to a run of a tool. */
export interface Interrupter {
  /** Options of the run that is to be interrupted. */
  readonly options?: Parameters<RunTool>[2];
  /** A file of the tool's that is so long was cut, whatever the tool says. */
  readonly longestFile?: number | undefined;
  /** Before the run, and after it. */
  around?(): Promise<AsyncDisposable>;
  /** At the moment; gives whether there was something to interrupt. It goes on trying until `over`. */
  strike?(run: { pid: number | undefined; database: string; over: AbortSignal }): Promise<boolean>;
}

/**
 * Tools of which those of one stage are interrupted once, so many milliseconds after the first of them was started.
 * After the run that was interrupted all is as without it.
 */
export function interruptedTools(
  tools: ClientTools,
  { during, afterMilliseconds }: { readonly during: Stage; readonly afterMilliseconds: number },
  interrupter: Interrupter,
): ClientTools & { readonly struck: () => boolean } {
  let began: number | undefined;
  let struck = false;
  const run: RunTool = async (tool, argv, options = {}) => {
    if (struck || stageOf(tool) !== during) return await tools.run(tool, argv, options);
    began ??= performance.now();
    const over = new AbortController();
    let pid: number | undefined;
    let striking: Promise<boolean> | undefined;
    const database = options.environment?.['PGDATABASE'] ?? '';
    const strike = (): void => void (striking = interrupter.strike?.({ pid, database, over: over.signal }));
    const timer = setTimeout(strike, Math.max(0, began + afterMilliseconds - performance.now()));
    try {
      await using _ = await interrupter.around?.();
      const onStart = (number: number): void => void (pid = number);
      const ran = await tools.run(tool, argv, { ...options, ...interrupter.options, onStart });
      const cut =
        interrupter.longestFile !== undefined && (await largestFileOf(argv)) >= interrupter.longestFile;
      if (interrupter.strike === undefined) struck = ran.exitCode !== 0 || cut;
      return ran;
    } finally {
      clearTimeout(timer);
      over.abort();
      if (await striking) struck = true;
    }
  };
  return { ...tools, run, struck: () => struck };
}
