import { DatabaseError } from 'pg';

/** A server's own answer to a statement that it does not carry out. */
export interface StatementRefusal {
  readonly sqlstate: string;
  readonly message: string;
}

/**
 * Lost connections, exhausted resources, an operator or a time limit that intervened, an I/O error, corrupted pages,
 * a deadlock and a lock that is not to be had (manual, Appendix A): they say nothing about what was asked.
 */
const NO_ANSWER = /^(?:08|53|57|58030|XX00[12]|40P01|55P03)/;

/** What the server says against a statement; undefined for an error that is about anything else than the statement. */
export function statementRefusal(error: unknown): StatementRefusal | undefined {
  if (!(error instanceof DatabaseError) || error.code === undefined) return undefined;
  return NO_ANSWER.test(error.code) ? undefined : { sqlstate: error.code, message: error.message };
}

/**
 * The same where it is about a value: one that the server holds and cannot give (SQLSTATE class 22, data exception),
 * such as a byte that is no character of the database's encoding.
 */
export function unreadableValue(error: unknown): StatementRefusal | undefined {
  const refusal = statementRefusal(error);
  return refusal?.sqlstate.startsWith('22') ? refusal : undefined;
}
