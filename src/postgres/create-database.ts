import { escapeIdentifier, escapeLiteral } from 'pg';
import { UsageError } from '../errors.ts';
import type { Version } from './version.ts';

/** The locale of a database; what is left out is the template's. Names are the server's (`SELECT collname FROM pg_collation`). */
export interface DatabaseLocale {
  /** LC_COLLATE and LC_CTYPE at once. */
  readonly locale?: string | undefined;
  readonly collate?: string | undefined;
  readonly ctype?: string | undefined;
  /** From server 15 on: `libc` or `icu`; from 17 on also `builtin`. */
  readonly provider?: 'libc' | 'icu' | 'builtin' | undefined;
  /** From server 15 on, with the provider `icu`. */
  readonly icuLocale?: string | undefined;
}

export interface CreateDatabaseOptions {
  /** For people who list the databases; put into the comment. */
  readonly label?: string | undefined;
  /** `template0` by default, which nobody can be connected to. */
  readonly template?: string | undefined;
  readonly encoding?: string | undefined;
  readonly locale?: DatabaseLocale | undefined;
  /** Settings for its sessions, by name; a setting that is a list of identifiers (search_path) takes one only. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/** The server that is to carry the statement out. */
export interface CreateDatabaseServer {
  readonly version: Version;
  /** Its setting `fsync`. */
  readonly fsync: boolean;
}

/**
 * CREATE DATABASE with every option quoted. The database lets nobody in (manual, "CREATE DATABASE",
 * ALLOW_CONNECTIONS, CONNECTION LIMIT), which is the mark it has from its first moment on; `openDatabaseSql` replaces that mark.
 *
 * @throws UsageError for a locale that the server's version cannot be asked for
 */
export function createDatabaseSql(
  name: string,
  options: CreateDatabaseOptions,
  server: CreateDatabaseServer,
): string {
  const { template = 'template0', encoding, locale = {} } = options;
  const asked: [string, string | undefined][] = [
    ['ENCODING', encoding],
    ['LOCALE_PROVIDER', providerFor(server, locale.provider)],
    ['LOCALE', locale.locale],
    ['LC_COLLATE', locale.collate],
    ['LC_CTYPE', locale.ctype],
    ['ICU_LOCALE', since(15, server, 'an ICU locale', locale.icuLocale)],
    ['STRATEGY', strategyFor(server)],
  ];
  if (locale.provider === 'builtin') since(17, server, 'the builtin locale provider', locale.provider);
  const given = asked.flatMap(([option, value]) =>
    value === undefined ? [] : [`${option} ${escapeLiteral(value)}`],
  );
  return [
    `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`,
    ...given,
    'ALLOW_CONNECTIONS false CONNECTION LIMIT 0',
  ].join(' ');
}

/** Marks a created database as `runId`'s, gives it its settings and opens it; one transaction, if sent as one query. */
export function openDatabaseSql(name: string, runId: string, options: CreateDatabaseOptions): string {
  const database = escapeIdentifier(name);
  const settings = Object.entries(options.settings ?? {}).map(
    ([setting, value]) =>
      `ALTER DATABASE ${database} SET ${setting.split('.').map(escapeIdentifier).join('.')} = ${escapeLiteral(value)}`,
  );
  return [
    `COMMENT ON DATABASE ${database} IS ${escapeLiteral(markOf(runId, options.label))}`,
    ...settings,
    `ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS true CONNECTION LIMIT -1`,
  ].join('; ');
}

/** The comment by which a database is known as a run's; with a label, `: ` and the label follow. */
export function markOf(runId: string, label?: string): string {
  return `restoreproof run ${runId}${label === undefined ? '' : `: ${label}`}`;
}

/**
 * How the template is copied; servers before 15 know one way only. `file_copy` writes no WAL and takes two checkpoints:
 * measured with server 15, quicker where fsync is off, slower where a checkpoint waits for the disk.
 */
function strategyFor({ version, fsync }: CreateDatabaseServer): string | undefined {
  if (version.major < 15) return undefined;
  return fsync ? 'wal_log' : 'file_copy';
}

/** Before 15 there is libc alone, which cannot be asked for by its name. */
function providerFor(server: CreateDatabaseServer, provider: DatabaseLocale['provider']): string | undefined {
  if (provider === 'libc' && server.version.major < 15) return undefined;
  return since(15, server, 'a locale provider', provider);
}

function since<T>(major: number, { version }: CreateDatabaseServer, what: string, value: T): T {
  if (value === undefined || version.major >= major) return value;
  throw new UsageError({
    what: `a database on PostgreSQL ${version.text} cannot have ${what}`,
    why: `servers know that from version ${major} on`,
    next: 'leave that target out, or name a newer server',
  });
}
