import { escapeIdentifier } from 'pg';
import { firstLine, NoVerdictError, RestoreproofError, UsageError } from '../errors.ts';
import type { ConnectionSettings } from './connection.ts';

/** What to do about a refusal that waiting does not mend, by SQLSTATE (manual, "PostgreSQL Error Codes"). */
const HINTS: Readonly<Record<string, (settings: ConnectionSettings) => string>> = {
  '28P01': ({ user }) =>
    `give the right password of ${user}: in the connection URL, PGPASSWORD or ~/.pgpass (mode 0600)`,
  '28000': ({ user }) =>
    `let pg_hba.conf admit ${user}, from here and to this database, or correct the user of the connection`,
  '3D000': ({ database }) =>
    `name a database that exists (postgres does on most servers), or create it: CREATE DATABASE ${escapeIdentifier(database)};`,
  '42501': ({ user, database }) =>
    `run as a superuser: GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(user)};`,
};

/** Codes of Node and OpenSSL for a certificate that was checked and did not hold. */
const CERTIFICATE_CODE = /CERT|SIGNATURE|ISSUER|^ERR_TLS_|^CRL_/;

/**
 * The error of a connection that waiting would not mend: a UsageError where the settings are to blame (password,
 * user, database, certificate), a NoVerdictError otherwise. Errors that are ours already stay as they are.
 */
export function refusal(error: unknown, settings: ConnectionSettings): unknown {
  if (error instanceof RestoreproofError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const { host, port, user, database } = settings;
  const parts = { why: firstLine(error), cause: error };
  const hint = HINTS[code];
  if (hint) {
    return new UsageError({
      ...parts,
      what: `the server at ${host}:${port} does not let ${user} into the database ${database}`,
      next: hint(settings),
    });
  }
  if (CERTIFICATE_CODE.test(code)) {
    return new UsageError({
      ...parts,
      what: `the certificate of the server at ${host}:${port} does not hold`,
      next: 'name the certificate of its issuer with sslrootcert, or correct the host name; sslmode=require encrypts without checking',
    });
  }
  return new NoVerdictError({
    ...parts,
    what: `no connection to ${host}:${port} could be made`,
    next: 'look into the log of the server',
  });
}
