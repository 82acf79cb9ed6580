import type { Version } from './version.ts';

export const CLUSTER_SUPERUSER = 'postgres';
export const CLUSTER_PORT = 5432;
/** The database to be in while others are created and dropped. */
export const CLUSTER_DATABASE = 'postgres';

/** The cluster is thrown away, so nothing has to outlive a crash; and nothing runs that a trial did not ask for. */
const THROWAWAY_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: String(CLUSTER_PORT),
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  shared_buffers: '32MB',
  checkpoint_timeout: '1d',
  max_wal_size: '256MB',
  autovacuum: 'off',
  // In the cluster's directory, with which it goes away.
  dynamic_shared_memory_type: 'mmap',
  jit: 'off',
  // Statements that a trial expects to fail do not fill the log.
  log_min_messages: 'log',
};

/** postgres' arguments for a cluster in `dataDirectory`. */
export function serverArguments(dataDirectory: string, settings: Readonly<Record<string, string>>): string[] {
  const given = Object.entries({ ...THROWAWAY_SETTINGS, ...settings });
  return ['-D', dataDirectory, ...given.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** A list of one directory: quotes keep a comma or a space in the path together. */
export function socketDirectories(directory: string): string {
  return `"${directory.replaceAll('"', '""')}"`;
}

/**
 * initdb's arguments for a cluster in UTF8, whose superuser has no password: one list for each locale to be tried, best
 * first. macOS and some libcs have no C.UTF-8; PostgreSQL 17 brings its own.
 */
export function initdbAttempts(dataDirectory: string, { major }: Version): string[][] {
  const argv = ['-D', dataDirectory, '-U', CLUSTER_SUPERUSER, '--auth=trust', '--encoding=UTF8', '--no-sync'];
  // Checksums are the default since 18, and cost time.
  if (major >= 18) argv.push('--no-data-checksums');
  const locales = [
    ['--locale=C.UTF-8'],
    ...(major >= 17 ? [['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']] : []),
    ['--no-locale'],
  ];
  return locales.map((locale) => [...argv, ...locale]);
}

/** Whether initdb stopped at the locale, which it says before anything is created. */
export function refusesLocale(output: string): boolean {
  return /invalid locale|locale name .* (invalid|too long)|could not .* locale/.test(output);
}

/** What an initdb or a server that failed has to say for itself, out of its output. */
export function tellingLine(output: string): string | undefined {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.find((line) => /\b(FATAL|PANIC|ERROR|error): /.test(line)) ?? lines.at(-1);
  return telling?.replace(/^.*\b(?:FATAL|PANIC|ERROR|error): +/, '');
}
