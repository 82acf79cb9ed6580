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

/** Why, in one line, from an unknown thrown value: a fault of the file system in plain words, else its message's first line. */
export function firstLine(error: unknown): string {
  const fault = fileSystemFault(error);
  if (fault !== undefined) return fault;
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}

/** The same of an error that nobody has put into words: with the path that it is about, where it has one. */
export function lineWithPath(error: unknown): string {
  const known = fileSystemFault(error) !== undefined && error instanceof Error && 'path' in error;
  return known && typeof error.path === 'string' ? `${error.path}: ${firstLine(error)}` : firstLine(error);
}

function fileSystemFault(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return FILE_SYSTEM_FAULTS[String(error.code)];
}

/** By the code of the system (errno(3)), as far as it is about files. */
const FILE_SYSTEM_FAULTS: Readonly<Partial<Record<string, string>>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'a file of that name is there already',
  EIO: 'the disk or device fails',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or directory',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file, not a directory',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};
