import { escapeIdentifier } from 'pg';
import { firstLine, RestoreproofError, UsageError } from '../errors.ts';
import { connect, type Connection } from '../postgres/connection.ts';
import type { DatabaseLocale } from '../postgres/create-database.ts';
import type { Engine } from '../postgres/engine.ts';
import type { OwnedDatabase, Run } from '../postgres/run-databases.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { ScriptFacts } from './scan-script.ts';

/** An empty database for a dump, with what could not be had as it was in the source. */
export interface PreparedDatabase {
  readonly database: OwnedDatabase;
  /** Roles that were created, NOLOGIN, on our own server. */
  readonly roles: readonly string[];
  /** In sentences. */
  readonly otherwise: readonly string[];
}

/**
 * Makes sure that the server can take a dump, and makes an empty database as the source was, as far as that is known:
 * its encoding, its locale, its settings, and on a throwaway server the roles.
 *
 * @throws UsageError where the server is older than the dump's, or lacks an extension
 */
export async function prepareDatabase(
  facts: ScriptFacts,
  against: Snapshot | undefined,
  { engine, run }: { engine: Engine; run: Run },
): Promise<PreparedDatabase> {
  requireNewEnough(facts, engine);
  await using connection = await connect(engine.connectionTo(engine.maintenanceDatabase));
  await requireExtensions(connection, facts.extensions);
  const roles = engine.throwaway ? await createRoles(connection, facts.roles) : [];
  const { database, otherwise } = await createAsWas(facts, against, run);
  for (const setting of facts.databaseSettings) {
    await connection
      .query(`ALTER DATABASE ${escapeIdentifier(database.name)} ${setting}`)
      .catch((error: unknown) => {
        otherwise.push(`the database's setting could not be made here: ${setting} (${firstLine(error)})`);
      });
  }
  return { database, roles, otherwise };
}

function requireNewEnough({ dumpedFrom }: ScriptFacts, { serverVersion }: Engine): void {
  if (!dumpedFrom || dumpedFrom.major <= serverVersion.major) return;
  throw new UsageError({
    what: `the dump is of PostgreSQL ${dumpedFrom.text}, and the server to restore it into is ${serverVersion.text}`,
    why: 'a dump is restored into the same major version or a newer one',
    next: `install PostgreSQL ${dumpedFrom.major}, or name a server of that version by --url; \`restoreproof doctor\` shows what is there`,
  });
}

async function requireExtensions(connection: Connection, wanted: readonly string[]): Promise<void> {
  const { rows } = await connection.query<{ name: string }>('SELECT name FROM pg_available_extensions');
  const available = new Set(rows.map(({ name }) => name));
  const missing = wanted.filter((name) => !available.has(name));
  if (missing.length === 0) return;
  throw new UsageError({
    what: `the dump needs ${missing.length === 1 ? 'an extension' : 'extensions'} that the server does not have: ${missing.join(', ')}`,
    next: 'install what brings it (postgresql-contrib, postgresql-MAJOR-NAME), or name a server that has it by --url',
  });
}

/** They own and are granted; nobody logs in as one. */
async function createRoles(connection: Connection, wanted: readonly string[]): Promise<string[]> {
  const { rows } = await connection.query<{ name: string }>('SELECT rolname AS name FROM pg_roles');
  const present = new Set(rows.map(({ name }) => name));
  // Names that begin with pg_ are PostgreSQL's own, nobody can create them.
  const missing = wanted.filter((name) => !present.has(name) && !name.startsWith('pg_'));
  for (const name of missing) await connection.query(`CREATE ROLE ${escapeIdentifier(name)} NOLOGIN`);
  return missing;
}

async function createAsWas(
  { database: created, clientEncoding }: ScriptFacts,
  against: Snapshot | undefined,
  run: Run,
): Promise<{ database: OwnedDatabase; otherwise: string[] }> {
  const encoding = created?.encoding ?? against?.encoding ?? clientEncoding;
  const locale = created?.locale ?? (against ? { locale: against.collation } : undefined);
  if (locale && isKnown(locale)) {
    try {
      return { database: await run.create({ label: 'drill', encoding, locale }), otherwise: [] };
    } catch (error) {
      if (!(error instanceof RestoreproofError)) throw error;
      const why = `the source's locale ${describe(locale)} cannot be had here (${error.why ?? error.message})`;
      const otherwise = [
        `${why}: the database has C instead, under which ids of equal times may sort otherwise`,
      ];
      return { database: await createIn(encoding, run), otherwise };
    }
  }
  const unknown = 'the dump does not tell the source’s locale: the database has C';
  return { database: await createIn(encoding, run), otherwise: [unknown] };
}

/** C goes with every encoding. */
function createIn(encoding: string | undefined, run: Run): Promise<OwnedDatabase> {
  return run.create({ label: 'drill', encoding, locale: { locale: 'C' } });
}

function isKnown({ locale, collate, icuLocale }: DatabaseLocale): boolean {
  return [locale, collate, icuLocale].some((name) => name !== undefined);
}

function describe({ provider, locale, collate, icuLocale }: DatabaseLocale): string {
  return `${provider === 'icu' ? 'icu ' : ''}${icuLocale ?? locale ?? collate}`;
}
