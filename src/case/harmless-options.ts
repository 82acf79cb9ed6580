import type { Version } from '../postgres/version.ts';

/** Options that must not matter, of which one of `words` is given; `since` is the first major version that knows it. */
interface OptionFamily {
  readonly words: readonly string[];
  readonly since?: number;
}

/** From a diff of the `long_options` tables of src/bin/pg_dump/pg_dump.c and pg_restore.c, 13 to 19. */
const BOTH: readonly OptionFamily[] = [
  { words: ['--no-owner', '-O'] },
  { words: ['--no-acl', '--no-privileges', '-x'] },
  { words: ['--no-comments'] },
  { words: ['--no-publications'] },
  { words: ['--no-subscriptions'] },
  { words: ['--no-security-labels'] },
  { words: ['--no-tablespaces'] },
  { words: ['--no-table-access-method'], since: 15 },
  { words: ['--use-set-session-authorization'] },
  { words: ['--verbose'] },
  { words: ['--strict-names'] },
  { words: ['--no-policies'], since: 18 },
  { words: ['--statistics', '--no-statistics'], since: 18 },
];

const PG_DUMP: readonly OptionFamily[] = [
  { words: ['--quote-all-identifiers'] },
  { words: ['--disable-dollar-quoting'] },
  { words: ['--no-sync'] },
  { words: ['--sync-method=fsync'], since: 17 },
  { words: ['--no-toast-compression'], since: 14 },
  { words: ['--serializable-deferrable'] },
  { words: ['--encoding=UTF8', '--encoding=unicode', '-EUTF-8'] },
  { words: ['--load-via-partition-root'] },
  { words: ['--lock-wait-timeout=60000', '--lock-wait-timeout=30s', '--lock-wait-timeout=1min'] },
  { words: ['--no-unlogged-table-data'] },
  { words: ['--blobs', '--no-blobs', '-b', '-B'] },
  { words: ['--large-objects', '--no-large-objects'], since: 16 },
  { words: ['--extra-float-digits=3', '--extra-float-digits=0', '--extra-float-digits=-15'] },
  { words: ['--enable-row-security'] },
  { words: ['--exclude-table=nowhere*', '--exclude-schema=nowhere', '--exclude-table-data=nowhere*'] },
  { words: ['--disable-triggers'] },
];

const PG_RESTORE: readonly OptionFamily[] = [
  { words: ['--no-data-for-failed-tables'] },
  { words: ['--enable-row-security'] },
  { words: ['--disable-triggers'] },
];

const PSQL: readonly OptionFamily[] = [
  { words: ['--quiet'] },
  { words: ['--echo-errors', '--echo-queries', '--echo-hidden'] },
  { words: ['--tuples-only', '--expanded', '--no-align', '--csv'] },
  { words: ['--set=VERBOSITY=verbose', '--set=VERBOSITY=terse'] },
  { words: ['--set=SHOW_CONTEXT=always'] },
  { words: ['--set=FETCH_COUNT=1'] },
  { words: ['--set=ON_ERROR_ROLLBACK=on'] },
  { words: ['--set=COMP_KEYWORD_CASE=lower', '--set=HISTSIZE=0', '--no-readline'] },
];

/** The words for pg_dump that leave the restored chain as it is, one list for each family. */
export function harmlessDumpOptions(tools: Version): (readonly string[])[] {
  return known([...BOTH, ...PG_DUMP], tools);
}

/** The words for pg_restore, or for psql, that leave the restored chain as it is, one list for each family. */
export function harmlessRestoreOptions(tool: 'pg_restore' | 'psql', tools: Version): (readonly string[])[] {
  return known(tool === 'psql' ? PSQL : [...BOTH, ...PG_RESTORE], tools);
}

function known(families: readonly OptionFamily[], tools: Version): (readonly string[])[] {
  return families.filter(({ since = 0 }) => tools.major >= since).map(({ words }) => words);
}

/** The minor release of each major in which `--restrict-key` came (security release of August 2025). */
const RESTRICT_KEY_SINCE: Readonly<Record<number, number>> = { 13: 22, 14: 19, 15: 14, 16: 10, 17: 6 };

/** Whether pg_dump and pg_restore know `--restrict-key`. */
export function knowsRestrictKey({ major, minor }: Version): boolean {
  return minor >= (RESTRICT_KEY_SINCE[major] ?? (major >= 18 ? 0 : Infinity));
}
