import { DatabaseError } from 'pg';
import { firstLine, NoVerdictError, UsageError, type ErrorParts } from '../errors.ts';
import type { Migration } from './migration-files.ts';
import { lineAt, offsetOfPosition, type Statement } from './migration-statements.ts';

/** The server refuses a statement of a migration. */
export class MigrationFailure extends UsageError {
  readonly refused: DatabaseError;

  constructor(parts: ErrorParts, refused: DatabaseError) {
    super({ ...parts, cause: refused });
    this.refused = refused;
  }
}

/** What was on its way to the server when it failed. */
export interface FailedSending {
  readonly migration: Migration;
  readonly error: unknown;
  /** The text sent, and where in the file it begins. */
  readonly text: string;
  readonly start: number;
  /** The statement that failed, where it is known. */
  readonly statement: Statement | undefined;
}

/**
 * The error of a migration that the server did not take: a MigrationFailure with file, line and SQLSTATE; where the
 * server or its disk gave way (no SQLSTATE, FATAL, classes 53 and 57P, I/O errors), a NoVerdictError.
 */
export function migrationError(failed: FailedSending): MigrationFailure | NoVerdictError {
  const { migration, error } = failed;
  if (!(error instanceof DatabaseError) || isServersFault(error)) {
    return new NoVerdictError({
      what: `migration ${migration.name} could not be finished`,
      why: firstLine(error),
      next: 'look into the log of the server and at its disk space; the run can be repeated as it is',
      cause: error,
    });
  }
  const parts = {
    what: `migration ${migration.name} fails ${place(failed, error)} (SQLSTATE ${error.code})`,
    why: explanation(error),
    next: advice(error) ?? `correct ${migration.path}`,
  };
  return new MigrationFailure(parts, error);
}

function isServersFault(error: DatabaseError): boolean {
  // ERROR is the only severity after which the session goes on; it may be translated, the code is not.
  return error.code === undefined || /^(53|57P|58030|XX00[012])/.test(error.code);
}

function place({ migration, statement, text, start }: FailedSending, error: DatabaseError): string {
  const at = (offset: number): number => lineAt(migration.sql, offset);
  if (error.position) return `at line ${at(start + offsetOfPosition(text, Number(error.position)))}`;
  if (!statement) return 'as a whole';
  // PL/pgSQL counts the lines of a body from the one where its quote opens. The text may be translated, the name is not.
  const inBlock = /inline_code_block\D*(\d+)/.exec(error.where ?? '')?.[1];
  if (statement.firstWord === 'do' && inBlock && statement.firstString !== undefined) {
    return `at line ${at(statement.firstString) + Number(inBlock) - 1}`;
  }
  const [first, last] = [at(statement.start), at(statement.end)];
  return first === last ? `at line ${first}` : `in lines ${first} to ${last}`;
}

function explanation({ message, detail, hint, where }: DatabaseError): string {
  const context = where?.split('\n').find((line) => NAMED_FUNCTION.test(line));
  const more = [detail && `detail: ${detail}`, hint && `hint: ${hint}`, context && `context: ${context}`];
  return [message, ...more.filter((text) => text !== undefined)].map(firstLine).join('; ');
}

/** Where a function was that the migration calls; the line of a DO block is told as the file's. */
const NAMED_FUNCTION = /^(?:PL\/pgSQL|SQL) function (?!inline_code_block)/;

function advice(error: DatabaseError): string | undefined {
  const { code = '', message } = error;
  const extension = missingExtension(error);
  if (extension) {
    return `install the package that brings the extension ${extension} on the machine of the server, or run against a server that has it`;
  }
  if (code === '42601' && message.includes('"\\"')) {
    return 'commands of psql (\\…) are not SQL: migrations are sent to the server as they are, as golang-migrate does';
  }
  return ADVICE[code];
}

/** Until PostgreSQL 14 only the missing file is reported, later the extension (src/backend/commands/extension.c). */
function missingExtension({ code, message }: DatabaseError): string | undefined {
  if (code === '0A000') return /^extension "(.+)" is not available/.exec(message)?.[1];
  if (code === '58P01') return /extension control file ".*?([^/"]+)\.control"/.exec(message)?.[1];
  return undefined;
}

const ADVICE: Readonly<Record<string, string>> = {
  '3D000': 'migrations run in databases of their own names: use current_database() instead of a fixed name',
  '42501':
    'connect as a role that may do this, or use --engine local, whose throwaway server is entered as superuser',
  '58P01': 'install what the file belongs to on the machine of the server',
};
