import { escapeIdentifier } from 'pg';
import { NoVerdictError, UsageError } from '../errors.ts';
import { localClientTools } from './local-tools.ts';
import type { Connection, ConnectionSettings } from './connection.ts';
import type { Engine } from './engine.ts';
import type { Installation } from './installations.ts';
import { placeOf, untilReady } from './server-readiness.ts';
import { refusal } from './server-refusals.ts';
import { openThrowawayDirectory } from './throwaway-directory.ts';
import { parseVersion, type Version } from './version.ts';

export interface ServerEngineOptions {
  readonly settings: ConnectionSettings;
  /** Where client tools may be taken from. */
  readonly installations: readonly Installation[];
  /** How long to wait for the server to take connections; 60 s by default. */
  readonly readinessMilliseconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Takes lines for people, while there is something to wait for. */
  readonly say?: ((line: string) => void) | undefined;
}

const READINESS_MILLISECONDS = 60_000;
const CLIENT_PROGRAMS: readonly string[] = ['pg_dump', 'pg_restore', 'psql'];

/**
 * A server that is there already, entered with `settings` and worked on in databases of our own. Nothing is started,
 * so disposal does nothing.
 *
 * @throws UsageError where the server cannot be reached in time, refuses the user, is a standby or read-only, is newer
 * than all client tools, or does not let the user create databases
 * @throws NoVerdictError where what answers is not PostgreSQL, or gives no version
 * @throws the signal's reason
 */
export async function openServerEngine(options: ServerEngineOptions): Promise<Engine> {
  const ready = await untilReady({
    ...options,
    readinessMilliseconds: options.readinessMilliseconds ?? READINESS_MILLISECONDS,
  });
  await using connection = ready.connection;
  const { settings } = ready;
  const server = await askServer(connection, settings);
  const version = versionOf(server, settings);
  requireWritable(server, settings);
  requireCreateDatabase(server, settings);
  const { directory, libraryPath, version: toolVersion } = chooseClientTools(options.installations, version);
  options.signal?.throwIfAborted();
  return {
    kind: 'server',
    description: `PostgreSQL ${version.text} (server ${placeOf(settings)}, tools ${toolVersion.text} in ${directory})`,
    serverVersion: version,
    tools: localClientTools(directory, toolVersion, libraryPath),
    throwaway: false,
    maintenanceDatabase: settings.database,
    openDirectory: openThrowawayDirectory,
    connectionTo: (database) => ({ ...settings, database }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/**
 * The installation whose pg_dump can read a server of this version: of the same major version, whatever the minor, or
 * else of the nearest newer one (manual, pg_dump, "Notes": it refuses servers newer than its own major version).
 *
 * @throws UsageError where there is none
 */
export function chooseClientTools(installations: readonly Installation[], server: Version): Installation {
  const usable = installations
    .filter(({ missing }) => !missing.some((program) => CLIENT_PROGRAMS.includes(program)))
    .toSorted((a, b) => a.version.major - b.version.major || b.version.minor - a.version.minor);
  const chosen = usable.find(({ version }) => version.major >= server.major);
  if (chosen) return chosen;
  const newest = usable.find(({ version }) => version.major === usable.at(-1)?.version.major);
  throw new UsageError({
    what: newest
      ? `the server is PostgreSQL ${server.major}, the newest client tools are ${newest.version.text} in ${newest.directory}`
      : `no client tools were found for the PostgreSQL ${server.major} server`,
    why: newest
      ? 'pg_dump refuses to dump from a server newer than itself'
      : `${CLIENT_PROGRAMS.join(', ')} are needed`,
    next: `install postgresql-client-${server.major}, or give --pg-bin DIR with tools of version ${server.major} or newer`,
  });
}

/** What the server says of itself and of us. */
interface ServerAnswer {
  readonly product: string;
  readonly version: string;
  readonly role: string;
  readonly mayCreate: boolean;
  readonly standby: boolean;
  readonly readOnly: boolean;
}

const QUESTION = `
  SELECT version() AS product, current_setting('server_version') AS version, current_user AS role,
         (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user) AS "mayCreate",
         pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS "readOnly"`;

async function askServer(connection: Connection, settings: ConnectionSettings): Promise<ServerAnswer> {
  try {
    const [answer] = (await connection.query<ServerAnswer>(QUESTION)).rows;
    if (answer) return answer;
  } catch (error) {
    throw refusal(error, settings);
  }
  throw new NoVerdictError({ what: `the server at ${placeOf(settings)} gave no answer about its version` });
}

function versionOf({ product, version }: ServerAnswer, settings: ConnectionSettings): Version {
  const parsed = parseVersion(version);
  if (product.startsWith('PostgreSQL ') && parsed) return parsed;
  throw new NoVerdictError({
    what: `the server at ${placeOf(settings)} does not say which PostgreSQL it is`,
    why: `version() is ${JSON.stringify(product)}, server_version is ${JSON.stringify(version)}`,
    next: 'name a PostgreSQL server; others that speak its protocol have no pg_dump',
  });
}

function requireWritable({ standby, readOnly, role }: ServerAnswer, settings: ConnectionSettings): void {
  if (!standby && !readOnly) return;
  throw new UsageError({
    what: `no database can be created on the server at ${placeOf(settings)}`,
    why: standby ? 'it is a standby' : `transactions of ${role} are read-only there`,
    next: standby
      ? 'name the primary server'
      : `run as a superuser: ALTER ROLE ${escapeIdentifier(role)} SET default_transaction_read_only = off;`,
  });
}

function requireCreateDatabase({ mayCreate, role }: ServerAnswer, settings: ConnectionSettings): void {
  if (mayCreate) return;
  throw new UsageError({
    what: `the role ${role} may not create databases on the server at ${placeOf(settings)}`,
    why: 'every trial runs in databases of its own',
    next: `run as a superuser: ALTER ROLE ${escapeIdentifier(role)} CREATEDB;`,
  });
}
