import type { ToolRun } from '../postgres/client-tools.ts';

/** A tool that exited non-zero, and what it said. */
export interface Refusal {
  readonly stage: ToolRun['tool'];
  /** Undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly firstErrorLine: string;
}

/**
 * The first line that tells an error, or else the first line, of what the tool wrote to standard error; psql given an
 * archive says so on standard output.
 */
export function refusalOf(run: ToolRun): Refusal {
  const lines = `${run.stderr}\n${run.stdout}`.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.find((line) => /\b(error|fatal|could not)\b/i.test(line)) ?? lines[0] ?? '';
  return { stage: run.tool, exitCode: run.exitCode, signal: run.signal, firstErrorLine: telling };
}
