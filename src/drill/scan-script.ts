import type { DatabaseLocale } from '../postgres/create-database.ts';
import { parseVersion, type Version } from '../postgres/version.ts';
import { linesOf } from '../text/lines.ts';

/** What a script of pg_dump says about what it takes to run it. */
export interface ScriptFacts {
  readonly dumpedFrom: Version | undefined;
  readonly dumpedBy: Version | undefined;
  readonly clientEncoding: string | undefined;
  /** The databases that it enters by itself, in order (`\connect`, of --create). */
  readonly enters: readonly string[];
  /** Roles that it names, PUBLIC apart; at times one too many, out of a function's body. */
  readonly roles: readonly string[];
  readonly extensions: readonly string[];
  readonly tablespaces: readonly string[];
  /** Of --create: the database as it was. */
  readonly database: { readonly encoding: string | undefined; readonly locale: DatabaseLocale } | undefined;
  /** Of --create: what follows `ALTER DATABASE name `, a SET each. */
  readonly databaseSettings: readonly string[];
  /** It begins as pg_dump's do and does not end so. */
  readonly cutShort: boolean;
}

/**
 * Reads a script line by line, past its rows. Statements of pg_dump begin at the start of a line, and those that are
 * looked for end with it (src/bin/pg_dump/pg_dump.c, dumputils.c).
 *
 * @throws the stream's error
 */
export async function scanScript(input: AsyncIterable<Buffer>): Promise<ScriptFacts> {
  const scan = new Scan();
  let inRows = false;
  for await (const line of linesOf(input)) {
    if (inRows) inRows = line !== String.raw`\.` && line !== '\\.\r';
    else if (/^COPY .* FROM stdin;\r?$/.test(line)) inRows = true;
    else scan.add(line.replace(/\r$/, ''));
  }
  return scan.facts();
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[a-z_\x80-\xff][\w$\x80-\xff]*)`;
const NAMES = `${NAME}(?:, ?${NAME})*`;

/** Where statements name roles, the names in the first group. */
const ROLES: readonly RegExp[] = [
  new RegExp(`^ALTER .* OWNER TO (${NAME});$`),
  new RegExp(
    `^(?:GRANT|REVOKE) .* (?:TO|FROM) (?:GROUP )?(${NAMES})(?: WITH GRANT OPTION)?(?: GRANTED BY ${NAME})?;$`,
  ),
  new RegExp(`^(?:GRANT|REVOKE) .* GRANTED BY (${NAME});$`),
  new RegExp(`^ALTER DEFAULT PRIVILEGES FOR ROLE (${NAME}) `),
  new RegExp(`^ALTER DEFAULT PRIVILEGES .* (?:TO|FROM) (${NAMES})(?: WITH GRANT OPTION)?;$`),
  new RegExp(`^CREATE POLICY .*? TO (${NAMES})(?: USING| WITH CHECK|;)`),
  new RegExp(`^CREATE USER MAPPING FOR (${NAME}) `),
  new RegExp(`^ALTER ROLE (${NAME}) IN DATABASE `),
  new RegExp(`^SET SESSION AUTHORIZATION (?!DEFAULT)(${NAME}|'[^']+');$`),
];

/** Words in the place of a role (manual, GRANT, role_specification). */
const NO_ROLES: ReadonlySet<string> = new Set([
  'PUBLIC',
  'public',
  'CURRENT_USER',
  'CURRENT_ROLE',
  'SESSION_USER',
]);

class Scan {
  private readonly roles = new Set<string>();
  private readonly extensions = new Set<string>();
  private readonly tablespaces = new Set<string>();
  private readonly enters: string[] = [];
  private readonly settings: string[] = [];
  private readonly said = new Map<string, string>();

  add(line: string): void {
    if (line === '') return;
    if (line.startsWith('--')) this.comment(line);
    else if (line.startsWith('\\')) this.metaCommand(line);
    else this.statement(line);
  }

  facts(): ScriptFacts {
    const version = (key: string): Version | undefined => parseVersion(this.said.get(key) ?? '');
    const created = this.said.get('created');
    return {
      dumpedFrom: version('Dumped from database version'),
      dumpedBy: version('Dumped by pg_dump version'),
      clientEncoding: this.said.get('client_encoding'),
      enters: this.enters,
      roles: [...this.roles],
      extensions: [...this.extensions],
      tablespaces: [...this.tablespaces],
      database: created === undefined ? undefined : databaseOf(created),
      databaseSettings: this.settings,
      cutShort: this.said.has('begun') && !this.said.has('complete'),
    };
  }

  private comment(line: string): void {
    if (line === '-- PostgreSQL database dump') this.say('begun', line);
    if (line === '-- PostgreSQL database dump complete') this.say('complete', line);
    const [, key, value] = /^-- (Dumped (?:from database|by pg_dump) version) (.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) this.say(key, value);
  }

  private metaCommand(line: string): void {
    const [, name] =
      new RegExp(String.raw`^\\connect (?:-reuse-previous=on )?(${NAME}|'[^']+'|"dbname=.*")$`).exec(line) ??
      [];
    if (name !== undefined) this.enters.push(databaseNameOf(name));
  }

  private statement(line: string): void {
    for (const pattern of ROLES) {
      for (const name of namesIn(pattern.exec(line)?.[1] ?? ''))
        if (!NO_ROLES.has(name)) this.roles.add(name);
    }
    const extension = new RegExp(`^CREATE EXTENSION (?:IF NOT EXISTS )?(${NAME})`).exec(line)?.[1];
    if (extension !== undefined) this.extensions.add(unquoted(extension));
    const tablespace = new RegExp(`^SET default_tablespace = (${NAME});$`).exec(line)?.[1];
    if (tablespace !== undefined && unquoted(tablespace) !== '') this.tablespaces.add(unquoted(tablespace));
    const encoding = /^SET client_encoding = '([^']+)';$/.exec(line)?.[1];
    if (encoding !== undefined) this.say('client_encoding', encoding);
    if (line.startsWith('CREATE DATABASE ')) this.say('created', line);
    const setting = new RegExp(`^ALTER DATABASE ${NAME} (SET .*);$`).exec(line)?.[1];
    if (setting !== undefined) this.settings.push(setting);
  }

  /** What is said first counts: later it may stand in somebody's text. */
  private say(key: string, value: string): void {
    if (!this.said.has(key)) this.said.set(key, value);
  }
}

function namesIn(list: string): string[] {
  return [...list.matchAll(new RegExp(`${NAME}|'[^']+'|[A-Z_]+`, 'g'))].map(([name]) => unquoted(name));
}

/** As the server reads a name; what was read as Latin-1 is UTF-8 as a rule. */
function unquoted(name: string): string {
  const text = /^["']/.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name;
  return Buffer.from(text, 'latin1').toString();
}

/** psql takes a name, or a connection string in double quotes (fe_utils/string_utils.c, appendPsqlMetaConnect). */
function databaseNameOf(name: string): string {
  const inside = unquoted(name);
  return /^dbname='(.*)'$/.exec(inside)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? inside;
}

function databaseOf(created: string): NonNullable<ScriptFacts['database']> {
  const option = (name: string): string | undefined =>
    new RegExp(`(?:^| )${name} = (?:'([^']*)'|(\\w+))`)
      .exec(created)
      ?.slice(1)
      .find((value) => value !== undefined);
  const provider = option('LOCALE_PROVIDER');
  return {
    encoding: option('ENCODING'),
    locale: {
      locale: option('LOCALE'),
      collate: option('LC_COLLATE'),
      ctype: option('LC_CTYPE'),
      provider: provider === 'libc' || provider === 'icu' ? provider : undefined,
      icuLocale: option('ICU_LOCALE'),
    },
  };
}
