import { Socket } from 'node:net';
import { Client, DatabaseError, type ClientConfig } from 'pg';
import { UsageError } from '../errors.ts';
import { timeZoneAdvice } from './install-advice.ts';

/** Where a database is and as whom to enter it. */
export interface ConnectionSettings {
  /** A host name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string | undefined;
  readonly database: string;
  /** Further libpq variables, for the client tools: `PGSSLMODE`, `PGSSLROOTCERT`, … */
  readonly libpq?: Readonly<Record<string, string>> | undefined;
  /** TLS as the `pg` driver takes it; undefined means none. */
  readonly ssl?: ClientConfig['ssl'];
  /** How long the server may be silent while we wait for an answer; absent: for ever. */
  readonly silenceMilliseconds?: number | undefined;
}

/** A connection that closes itself at the end of an `await using` block. */
export type Connection = Client & AsyncDisposable;

/**
 * Connects with the session pinned so that what is read depends on no setting of the server, database or
 * role: UTC, ISO dates, no time limits, rows security off (an error instead of hidden rows).
 *
 * @throws the driver's error, with `code` as SQLSTATE or system error
 * @throws UsageError where the server has no time zone data
 */
export async function connect(
  settings: ConnectionSettings,
  session: Readonly<Record<string, string>> = {},
): Promise<Connection> {
  const libpq = settings.libpq ?? {};
  // Where a setting is left out, the driver reads PG* variables of our own environment, which the client tools do
  // not get to see; so each of them is given here.
  const socket = new Socket();
  const client = new Client({
    stream: () => socket,
    host: settings.host,
    port: settings.port,
    user: settings.user,
    password: settings.password ?? refusePassword,
    database: settings.database,
    ssl: settings.ssl ?? false,
    sslnegotiation: 'postgres',
    enableChannelBinding: libpq['PGCHANNELBINDING'] === 'require',
    options: libpq['PGOPTIONS'] ?? (process.env['PGOPTIONS'] ? ' ' : undefined),
    application_name: libpq['PGAPPNAME'] ?? 'restoreproof',
    connectionTimeoutMillis: connectionMilliseconds(libpq['PGCONNECT_TIMEOUT']),
    // A firewall between us and the server forgets connections that are silent for long.
    keepAlive: true,
  });
  // A connection lost between two queries is reported by the next query; without a listener it ends the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    // A refused log-in leaves the socket open, which would keep the process alive.
    void client.end().catch(() => undefined);
    throw error;
  }
  if (settings.silenceMilliseconds !== undefined) endSilence(client, socket, settings.silenceMilliseconds);
  const connection = Object.assign(client, {
    [Symbol.asyncDispose]: async () => {
      // A server that hangs does not say good-bye.
      const late = setTimeout(() => socket.destroy(), GOOD_BYE_MILLISECONDS);
      await client.end().catch(() => undefined);
      clearTimeout(late);
    },
  });
  try {
    await pin(client, { ...PINNED, ...session });
    return connection;
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

const INVALID_PARAMETER_VALUE = '22023';

async function pin(client: Client, session: Readonly<Record<string, string>>): Promise<void> {
  const settings = Object.entries(session).map(
    ([name, value]) => `SET ${name} = ${client.escapeLiteral(value)}`,
  );
  try {
    await client.query(settings.join('; '));
  } catch (cause) {
    const refused = cause instanceof DatabaseError && cause.code === INVALID_PARAMETER_VALUE;
    if (!refused || !cause.message.includes('"TimeZone"')) throw cause;
    // Debian's, Ubuntu's and PGDG's servers are built with `--with-system-tzdata=/usr/share/zoneinfo`, and look
    // nowhere else.
    throw new UsageError({
      what: `the server at ${client.host}:${client.port} has no time zone data`,
      why: `it says: ${cause.message}; most servers read the system's, in /usr/share/zoneinfo`,
      next: `on the server's machine ${await timeZoneAdvice()}`,
      cause,
    });
  }
}

const GOOD_BYE_MILLISECONDS = 2_000;

/**
 * Gives a connection up over which nothing comes or goes for too long while a query is under way: a limit of the
 * server's own (`statement_timeout`) is no help where the server hangs.
 */
function endSilence(client: Client, socket: Socket, milliseconds: number): void {
  const query = client.query.bind(client) as (...argv: unknown[]) => unknown;
  Object.assign(client, {
    query: (...argv: unknown[]) => {
      socket.setTimeout(milliseconds);
      return query(...argv);
    },
  });
  client.on('drain', () => socket.setTimeout(0));
  socket.on('timeout', () => {
    const message = `the server did not answer within ${milliseconds / 1000} s`;
    socket.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
  });
}

/** @throws with the SQLSTATE of a wrong password (invalid_password), so that both are reported alike */
function refusePassword(): never {
  throw Object.assign(new Error('the server asks for a password, and none was given'), { code: '28P01' });
}

/** As libpq: seconds, where 0 means no limit. Unset means 10 s here. */
function connectionMilliseconds(seconds: string | undefined): number {
  const given = Number(seconds ?? 10);
  return Number.isFinite(given) ? Math.max(0, given) * 1000 : 10_000;
}

const PINNED = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  // Decides how a literal with a backslash is read, and how the server prints one.
  standard_conforming_strings: 'on',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '3',
  client_min_messages: 'warning',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  row_security: 'off',
  quote_all_identifiers: 'off',
};

/** The libpq environment that makes a client tool enter the same database; the password goes here and nowhere else. */
export function libpqEnvironment(settings: ConnectionSettings): Record<string, string> {
  return {
    PGHOST: settings.host,
    PGPORT: String(settings.port),
    PGUSER: settings.user,
    PGDATABASE: settings.database,
    ...(settings.password === undefined ? {} : { PGPASSWORD: settings.password }),
    ...settings.libpq,
  };
}

/** Work on a connection of its own: nothing of the session outlives it. */
export async function inDatabase<T>(
  settings: ConnectionSettings,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  await using connection = await connect(settings);
  return await work(connection);
}
