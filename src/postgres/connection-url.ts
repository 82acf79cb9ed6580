import { UsageError } from '../errors.ts';
import type { ConnectionSettings } from './connection.ts';
import {
  HANDED_ON_VARIABLES,
  IGNORED_KEYWORDS,
  PLACE_VARIABLES,
  settingsFromParameters,
  UNSUPPORTED,
} from './connection-parameters.ts';

/** libpq's URI grammar (manual, libpq, "Connection URIs"): everything after the scheme may be missing. */
const CONNECTION_URL =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<host>\[[^\]]*\]|[^:/?]*)(?::(?<port>[^/?]*))?(?:\/(?<dbname>[^?]*))?(?:\?(?<query>.*))?$/su;

/**
 * Settings out of a `postgres://` or `postgresql://` URL, read as libpq reads it: every part may be
 * percent-encoded or missing, a socket directory is a percent-encoded host or `?host=/directory`, and the
 * parameters of the query win over the parts before it. A `+` is a plus.
 *
 * Of the environment only `PGPASSWORD`, `PGPASSFILE` and `HOME` (for `~/.pgpass`) are used, where the URL has no
 * password, so that a password need not stand on a command line.
 *
 * @throws UsageError for what is no such URL or has parameters that libpq or restoreproof does not know
 */
export function parseConnectionUrl(
  url: string,
  environment: NodeJS.ProcessEnv = process.env,
): ConnectionSettings {
  const parts = CONNECTION_URL.exec(url)?.groups;
  if (!parts) {
    throw new UsageError({
      what: `not a connection URL: ${redactUrl(url)}`,
      next: 'write it as postgres://user@host:5432/database',
    });
  }
  const parameters = new Map<string, string>();
  for (const keyword of ['user', 'password', 'host', 'port', 'dbname']) {
    const value = parts[keyword];
    if (value) parameters.set(keyword, decode(unbracket(keyword, value), url));
  }
  for (const [keyword, value] of queryPairs(parts['query'], url)) parameters.set(keyword, value);
  return settingsFromParameters(parameters, environment);
}

/**
 * Settings out of `DATABASE_URL`, or, where it is not set, out of libpq's variables: `PGHOST`, `PGPORT`, `PGUSER`,
 * `PGPASSWORD`, `PGDATABASE`, `PGSSLMODE`, … Variables that only shape a session (`PGTZ`, `PGDATESTYLE`, `PGGEQO`,
 * `PGCLIENTENCODING`) are left out: sessions are pinned.
 *
 * @throws UsageError where no server is named, for `PGSERVICE`, and as `parseConnectionUrl` does
 */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): ConnectionSettings {
  const url = environment['DATABASE_URL'];
  if (url) return parseConnectionUrl(url, environment);
  if (environment['PGSERVICE']) {
    throw new UsageError({
      what: 'PGSERVICE is not supported',
      why: 'connection service files are not read',
      next: 'unset PGSERVICE, and set DATABASE_URL or PGHOST, PGPORT, PGUSER and PGDATABASE',
    });
  }
  if (!['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE'].some((variable) => environment[variable])) {
    throw new UsageError({
      what: 'the environment names no PostgreSQL server',
      next: 'set DATABASE_URL=postgres://user@host:5432/database, or PGHOST, PGUSER and PGDATABASE',
    });
  }
  const parameters = new Map<string, string>();
  for (const [keyword, variable] of Object.entries({ ...PLACE_VARIABLES, ...HANDED_ON_VARIABLES })) {
    const value = environment[variable];
    if (value) parameters.set(keyword, value);
  }
  if (environment['PGHOSTADDR']) parameters.set('hostaddr', environment['PGHOSTADDR']);
  return settingsFromParameters(parameters, environment);
}

/**
 * A connection URL fit for printing: what can be a password is `***`. Takes any text, also one that is no URL,
 * and rather hides too much: a bare `@` or `/` in a password does not let a piece of it through.
 */
export function redactUrl(url: string): string {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(url) ?? [];
  const hidden = rest
    .replace(/^([^:]*):.*@/s, '$1:***@')
    // Without an @, what follows the host's colon is a port, or a password whose @ is missing.
    .replace(/^((?:\[[^\]]*\]|[^:/?@[]*)):(?!\*\*\*@|\d*(?:[/?]|$)).*$/s, '$1:***')
    .replace(/(pass\w*\s*=\s*)(?:'(?:[^'\\]|\\.)*'|[^\s&]+)/gi, '$1***');
  const [before, query] = splitOnce(hidden, '?');
  if (query === undefined) return scheme + hidden;
  const pairs = query.split('&').map((pair) => {
    const [keyword] = splitOnce(pair, '=');
    return /pass/i.test(decodeLoosely(keyword)) ? `${keyword}=***` : pair;
  });
  return `${scheme}${before}?${pairs.join('&')}`;
}

function unbracket(keyword: string, value: string): string {
  return keyword === 'host' ? value.replace(/^\[(.*)\]$/s, '$1') : value;
}

function* queryPairs(query: string | undefined, url: string): Generator<readonly [string, string]> {
  for (const pair of query ? query.split('&') : []) {
    const [encodedKeyword, encodedValue] = splitOnce(pair, '=');
    const keyword = decode(encodedKeyword, url);
    if (encodedValue === undefined) {
      throw new UsageError({
        what: `a connection parameter has no value: ${redactUrl(url)}`,
        next: 'write parameters as ?name=value&name=value',
      });
    }
    const value = decode(encodedValue, url);
    // libpq takes JDBC's spelling too.
    if (keyword === 'ssl' && value === 'true') yield ['sslmode', 'require'];
    else if (isKnown(keyword)) yield [keyword, value];
    else throw unknownParameter(keyword);
  }
}

function isKnown(keyword: string): boolean {
  return (
    Object.hasOwn(PLACE_VARIABLES, keyword) ||
    Object.hasOwn(HANDED_ON_VARIABLES, keyword) ||
    Object.hasOwn(UNSUPPORTED, keyword) ||
    IGNORED_KEYWORDS.has(keyword)
  );
}

function unknownParameter(keyword: string): UsageError {
  return new UsageError({
    what: `the connection parameter ${JSON.stringify(keyword)} is not known to libpq`,
    next: 'leave it out; parameters of other drivers and ORMs mean nothing to pg_dump',
  });
}

function decode(text: string, url: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (!decoded.includes('\0')) return decoded;
  } catch {
    // Falls through to the error below, which does not show what failed: it may be the password.
  }
  throw new UsageError({
    what: `the connection URL has a broken percent-encoding: ${redactUrl(url)}`,
    next: 'write a literal % as %25',
  });
}

function decodeLoosely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return `pass ${text}`;
  }
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
