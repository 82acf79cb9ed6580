import { DatabaseError } from 'pg';

/**
 * Classes of SQLSTATE that are about the server, the connection or the schema, and not about the values written
 * (manual, Appendix A): connection, transaction state, authorization, rollback, syntax or access rule,
 * resources, prerequisite state, operator intervention, system, configuration, internal.
 */
const NOT_ABOUT_VALUES = new Set(['08', '25', '28', '40', '42', '53', '55', '57', '58', 'F0', 'XX']);

/** The SQLSTATE by which the server refused what was written; undefined for any other error. */
export function refusalState(error: unknown): string | undefined {
  if (!(error instanceof DatabaseError) || error.code === undefined) return undefined;
  return NOT_ABOUT_VALUES.has(error.code.slice(0, 2)) ? undefined : error.code;
}
