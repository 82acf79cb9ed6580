import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import type { ConnectionSettings } from './connection.ts';
import { passwordFromFile } from './password-file.ts';
import { driverTls, isSslMode, SSL_MODES, type SslMode } from './tls-settings.ts';

/** libpq's connection parameters by keyword, already decoded: `{ host, port, dbname, user, sslmode, … }`. */
export type ConnectionParameters = ReadonlyMap<string, string>;

/** Keywords that say where the database is; they become fields of the settings. */
export const PLACE_VARIABLES: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  dbname: 'PGDATABASE',
  passfile: 'PGPASSFILE',
};

/** Keywords handed on to the client tools (manual, libpq, "Environment Variables"). */
export const HANDED_ON_VARIABLES: Readonly<Record<string, string>> = {
  application_name: 'PGAPPNAME',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  options: 'PGOPTIONS',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslcrl: 'PGSSLCRL',
  sslcrldir: 'PGSSLCRLDIR',
  sslcompression: 'PGSSLCOMPRESSION',
  sslsni: 'PGSSLSNI',
  sslcertmode: 'PGSSLCERTMODE',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  ssl_max_protocol_version: 'PGSSLMAXPROTOCOLVERSION',
  channel_binding: 'PGCHANNELBINDING',
  require_auth: 'PGREQUIREAUTH',
  requirepeer: 'PGREQUIREPEER',
  gssencmode: 'PGGSSENCMODE',
  krbsrvname: 'PGKRBSRVNAME',
  gsslib: 'PGGSSLIB',
  gssdelegation: 'PGGSSDELEGATION',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  load_balance_hosts: 'PGLOADBALANCEHOSTS',
};

/** Parameters of libpq that have no variable and change no result: timing and names in a log. */
export const IGNORED_KEYWORDS: ReadonlySet<string> = new Set([
  'fallback_application_name',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
]);

/** Parameters that libpq knows and restoreproof does not support, and the way round. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  service: 'connection service files are not read; write host, port, user and dbname out',
  hostaddr: 'put the address into host',
  sslpassword: 'the client tools can be given no key password; use a key file without one',
  sslnegotiation: 'leave it out; TLS is negotiated as before PostgreSQL 17',
  client_encoding: 'leave it out; each case chooses the encoding of its dump',
  replication: 'leave it out',
};

const DEFAULT_PORT = 5432;

/** Where packages put the server's socket: Debian, Red Hat; PostgreSQL's own default. */
const SOCKET_DIRECTORIES = ['/var/run/postgresql', '/tmp'];

/**
 * Settings out of libpq parameters, with libpq's defaults: the operating system's user, the database of the
 * user's name, port 5432, the local socket (`localhost` where there is none), `sslmode=prefer`, and the password
 * out of `PGPASSWORD` or the password file.
 *
 * `ssl` is set where `sslmode` decides it alone; with `prefer` and `allow` it is left open, since it depends on the
 * server: `openServerEngine` settles it.
 *
 * @throws UsageError for a value that cannot be, without ever naming the password
 */
export function settingsFromParameters(
  parameters: ConnectionParameters,
  environment: NodeJS.ProcessEnv,
): ConnectionSettings {
  refuseUnsupported(parameters);
  const port = portOf(parameters.get('port'));
  const host = hostOf(parameters.get('host'), port);
  const user = parameters.get('user') || operatingSystemUser();
  const database = parameters.get('dbname') || user;
  const passfile = parameters.get('passfile');
  const password =
    parameters.get('password') ||
    environment['PGPASSWORD'] ||
    passwordFromFile(
      { host, port, database, user },
      passfile ? { ...environment, PGPASSFILE: passfile } : environment,
    );
  const mode = modeOf(parameters.get('sslmode'));
  const libpq = {
    ...handedOn(parameters),
    ...(host.startsWith('/') ? {} : { PGSSLMODE: mode }),
  };
  const ssl = host.startsWith('/') || mode === 'disable' ? false : certainTls(mode, libpq);
  return {
    host,
    port,
    user,
    database,
    ...(password ? { password } : {}),
    ...(ssl === undefined ? {} : { ssl }),
    libpq,
  };
}

function certainTls(mode: SslMode, libpq: Readonly<Record<string, string>>): ConnectionSettings['ssl'] {
  return mode === 'prefer' || mode === 'allow' ? undefined : driverTls(mode, libpq);
}

function refuseUnsupported(parameters: ConnectionParameters): void {
  for (const [keyword, advice] of Object.entries(UNSUPPORTED)) {
    if (parameters.get(keyword)) {
      throw new UsageError({ what: `the connection parameter ${keyword} is not supported`, next: advice });
    }
  }
}

function portOf(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  // What stands there may be a password whose @ is missing, so it is not shown.
  throw new UsageError({
    what: 'the port of the connection is not a number from 1 to 65535',
    next: 'write it as postgres://user@host:5432/database; in a password, write : as %3A and @ as %40',
  });
}

function hostOf(text: string | undefined, port: number): string {
  if (!text) {
    const directory = SOCKET_DIRECTORIES.find((each) => existsSync(join(each, `.s.PGSQL.${port}`)));
    return directory ?? 'localhost';
  }
  if (text.startsWith('/')) return text;
  if (text.includes(',')) {
    throw new UsageError({
      what: 'the connection names several hosts',
      next: 'name one server; a dump and its restore must see the same one',
    });
  }
  if (/[@\s/]/.test(text)) {
    // The rest of a password with a bare @ or / in it lands here, so it is not shown.
    throw new UsageError({
      what: 'the host of the connection is not a host name, an address or a socket directory',
      next: 'in a user name or password, write @ as %40, / as %2F and : as %3A',
    });
  }
  return text;
}

function modeOf(text: string | undefined): SslMode {
  if (!text) return 'prefer';
  if (isSslMode(text)) return text;
  throw new UsageError({
    what: `sslmode=${text} is not known`,
    next: `use one of ${SSL_MODES.join(', ')}`,
  });
}

function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch (error) {
    throw new UsageError({
      what: 'the connection names no user, and the operating system has no name for this one',
      next: 'name the user: postgres://user@host/database, or PGUSER',
      cause: error,
    });
  }
}

function handedOn(parameters: ConnectionParameters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(HANDED_ON_VARIABLES).flatMap(([keyword, variable]) => {
      const value = parameters.get(keyword);
      return value ? [[variable, value] as const] : [];
    }),
  );
}
