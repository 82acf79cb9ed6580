/**
 * Errors a user sees: what happened, why, and what to do next.
 *
 * Findings are values (see `verdict/`); only what keeps a trial from being judged is an error.
 */
export interface ErrorParts {
  /** What happened, one sentence without a final full stop. */
  readonly what: string;
  /** Why, where it is known: the first error line of a tool, a system error. */
  readonly why?: string | undefined;
  /** What to do next. */
  readonly next?: string | undefined;
  readonly cause?: unknown;
}

/** Exit codes of every command. */
export const EXIT = { asPredicted: 0, findings: 1, usage: 2, noVerdict: 3 } as const;

export abstract class RestoreproofError extends Error {
  abstract readonly exitCode: number;
  readonly why: string | undefined;
  readonly next: string | undefined;

  constructor(parts: ErrorParts) {
    super(parts.what, { cause: parts.cause });
    this.name = new.target.name;
    this.why = parts.why;
    this.next = parts.next;
  }
}

/** The user asked for something that cannot be: a wrong option, an unreachable server, a missing directory. */
export class UsageError extends RestoreproofError {
  readonly exitCode = EXIT.usage;
}

/** Infrastructure gave way: server gone, disk full, tool missing, time limit. Never a pass, never a finding. */
export class NoVerdictError extends RestoreproofError {
  readonly exitCode = EXIT.noVerdict;
}

/** The first line of an unknown thrown value's message. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}
