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

/** What tools and server say where memory, disk or connections ran out (53100, 53200, 53300; strerror of ENOSPC, EDQUOT, EFBIG). */
const EXHAUSTED =
  /out of memory|No space left on device|Disk quota exceeded|File too large|too many clients already|remaining connection slots/i;

/** Why a failed run of a tool says nothing about the plan, in a sentence; undefined where it does. */
export function exhaustionOf(run: ToolRun): string | undefined {
  // Linux takes whoever has most, and says so in the kernel's log only.
  if (run.signal === 'SIGKILL')
    return `${run.tool} was killed (SIGKILL), as the system does where memory runs out`;
  return `${run.stderr}\n${run.stdout}`.split('\n').find((line) => EXHAUSTED.test(line));
}
