import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { firstLine, UsageError } from '../errors.ts';

export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

export type SslMode = (typeof SSL_MODES)[number];

/** libpq's TLS variables, as in `ConnectionSettings.libpq`. */
export type LibpqVariables = Readonly<Record<string, string>>;

export function isSslMode(value: string): value is SslMode {
  return (SSL_MODES as readonly string[]).includes(value);
}

/**
 * What libpq's TLS variables mean to the `pg` driver, whose own reading of `sslmode` differs
 * (manual, libpq, "SSL Support", table "SSL Mode Descriptions"): `allow`, `prefer` and `require` check no certificate,
 * `verify-ca` and `require` with a root certificate check the chain, `verify-full` checks the host name too.
 *
 * @throws UsageError where a certificate file is missing
 */
export function driverTls(mode: SslMode, libpq: LibpqVariables): ConnectionOptions {
  const root = rootCertificate(mode, libpq);
  return {
    ...clientCertificate(libpq),
    ...(libpq['PGSSLCRL'] ? { crl: readCertificate('sslcrl', libpq['PGSSLCRL']) } : {}),
    ...(root === undefined ? { rejectUnauthorized: false } : root),
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
}

/** `{ ca }`, `{}` for the roots Node brings, undefined where the certificate is not to be checked. */
function rootCertificate(mode: SslMode, libpq: LibpqVariables): ConnectionOptions | undefined {
  if (mode === 'allow' || mode === 'prefer') return undefined;
  const named = libpq['PGSSLROOTCERT'];
  // `system` means the roots of the operating system; Node's own are the nearest there is.
  if (named === 'system') return {};
  const file = named ?? standardFile('root.crt');
  if (named !== undefined || existsSync(file)) {
    return { ca: readCertificate('sslrootcert', file), rejectUnauthorized: true };
  }
  if (mode === 'require') return undefined;
  throw new UsageError({
    what: `sslmode=${mode} needs a root certificate, and ${file} does not exist`,
    next: 'name the certificate with sslrootcert, or use sslmode=require to encrypt without checking',
  });
}

function clientCertificate(libpq: LibpqVariables): ConnectionOptions {
  const certificate = libpq['PGSSLCERT'] ?? existing(standardFile('postgresql.crt'));
  const key = libpq['PGSSLKEY'] ?? existing(standardFile('postgresql.key'));
  if (certificate === undefined || key === undefined) return {};
  return { cert: readCertificate('sslcert', certificate), key: readCertificate('sslkey', key) };
}

/** libpq looks in `~/.postgresql` for files that no setting names. */
function standardFile(name: string): string {
  return join(homedir(), '.postgresql', name);
}

function existing(file: string): string | undefined {
  return existsSync(file) ? file : undefined;
}

function readCertificate(parameter: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError({
      what: `the file of ${parameter} cannot be read: ${file}`,
      why: firstLine(error),
      next: `correct ${parameter} in the connection URL or the environment`,
      cause: error,
    });
  }
}
