import { EXIT, firstLine, lineWithPath, RestoreproofError } from '../errors.ts';

/** What a user reads of an error, and the exit code. Errors nobody foresaw are no verdict, with their stack. */
export function describeError(error: unknown): { lines: string[]; exitCode: number } {
  if (error instanceof RestoreproofError) {
    const lines = [`restoreproof: ${error.message}`];
    if (error.why !== undefined) lines.push(`  why:  ${error.why}`);
    if (error.next !== undefined) lines.push(`  next: ${error.next}`);
    return { lines, exitCode: error.exitCode };
  }
  const why = `  why:  ${lineWithPath(error)}`;
  if (error instanceof RangeError && OUT_OF_MEMORY.test(firstLine(error))) {
    const next =
      '  next: give it more (ulimit -v, NODE_OPTIONS=--max-old-space-size=MB), or try fewer cases at once';
    return { lines: ['restoreproof: memory is used up', why, next], exitCode: EXIT.noVerdict };
  }
  const code = codeOf(error);
  const foreseen = code !== undefined || LOST_CONNECTION.test(firstLine(error));
  const lines = [`restoreproof: ${foreseen ? 'the infrastructure gave way' : 'an unexpected error'}`];
  lines.push(`${why}${code === undefined ? '' : ` (${code})`}`);
  lines.push('  next: this is no verdict about the restore; look at the server and the disk, then run again');
  if (!foreseen && error instanceof Error && error.stack) lines.push(error.stack);
  return { lines, exitCode: EXIT.noVerdict };
}

/** SQLSTATE or system error code. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** V8's words for what cannot be allocated, or is longer than anything may be. */
const OUT_OF_MEMORY = /allocation failed|out of memory|^Invalid (?:string|array|typed array) length/i;

/** The driver's own words, without a code, for a connection that is gone. */
const LOST_CONNECTION =
  /^(?:Connection terminated|timeout expired|Client has encountered a connection error|Client was closed)/;
