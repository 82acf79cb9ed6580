import type { Case } from '../case/case.ts';
import { firstLine, NoVerdictError, UsageError } from '../errors.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import type { CreateDatabaseOptions } from '../postgres/create-database.ts';
import type { OwnedDatabase } from '../postgres/run-databases.ts';
import { dropDatabase } from '../postgres/run-sweep.ts';
import { parseVersion } from '../postgres/version.ts';
import type { Subject } from '../subject/subject.ts';
import { targetDatabase } from './target.ts';
import { proveEmpty, wipe } from './wipe.ts';

/** Where targets come from. */
export interface TargetPlace {
  /** The source database; the target where it is wiped. */
  readonly database: ConnectionSettings;
  /** A database of the same server to be in while the source is dropped and made anew. */
  readonly maintenance: ConnectionSettings;
  /** A database of the run's own, for fresh targets. */
  readonly createTarget: (options: CreateDatabaseOptions) => Promise<OwnedDatabase>;
  /**
   * Of another server than the source's: the database that a restore with `create` makes there, by the source's name.
   * Absent: it is made in the place of the source.
   */
  readonly adoptTarget?: ((name: string) => OwnedDatabase) | undefined;
  /** Is installed into prepared targets. */
  readonly subject: Pick<Subject, 'install'>;
  /** True where the source was emptied by somebody else; that it is empty is proven all the same. */
  readonly emptied?: boolean | undefined;
}

/** A database that is ready for the restore; a fresh one is dropped at the end of the `await using` block. */
export interface OpenTarget extends AsyncDisposable {
  readonly settings: ConnectionSettings;
  /**
   * To be called after a restore that exited 0.
   * @throws NoVerdictError where the tool was to make the database anew and it is still the old one
   */
  proveRestored(): Promise<void>;
}

/**
 * Makes sure that nothing of the source is left where the restore goes: a new database, an emptied one, or none
 * (`create`). With `clean` and `create` the tool drops the database itself, and whether it did is seen afterwards.
 *
 * @throws UsageError for a fresh target under `create`: an archive makes a database of the source's name only; and for a
 * wiped one on another server without it
 * @throws NoVerdictError where the target cannot be made or emptied
 */
export async function openTarget(
  { target, restore }: Pick<Case, 'target' | 'restore'>,
  place: TargetPlace,
): Promise<OpenTarget> {
  if (target.kind === 'fresh') {
    if (restore.create) throw createsTheSource();
    const owned = await place.createTarget(targetDatabase(target));
    if (target.prepared) await prepare(owned, place);
    return {
      settings: owned.settings,
      proveRestored: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
    };
  }
  const { database, maintenance } = place;
  if (place.adoptTarget) {
    if (!restore.create) throw wipesElsewhere();
    return madeElsewhere(place.adoptTarget(database.database), maintenance);
  }
  const before = restore.create ? await databaseOid(maintenance, database.database) : undefined;
  if (place.emptied) await proveWiped(maintenance, database);
  else if (!restore.create) await wipeDatabase(database);
  else if (!restore.clean) await dropSource(maintenance, database.database);
  return {
    settings: database,
    proveRestored: () =>
      restore.create ? proveAnother(maintenance, database.database, before) : Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Nothing is there of that name before the restore: it is the run's own, and the source is on another server. */
function madeElsewhere(made: OwnedDatabase, maintenance: ConnectionSettings): OpenTarget {
  return {
    settings: made.settings,
    proveRestored: () => proveAnother(maintenance, made.name, undefined),
    [Symbol.asyncDispose]: () => made[Symbol.asyncDispose](),
  };
}

async function prepare(owned: OwnedDatabase, { subject }: TargetPlace): Promise<void> {
  try {
    await using connection = await connect(owned.settings);
    await subject.install(connection);
  } catch (cause) {
    await owned[Symbol.asyncDispose]();
    throw new NoVerdictError({
      what: 'the subject could not be installed into the target',
      why: firstLine(cause),
      next: 'give the case a target that the subject can be installed into',
      cause,
    });
  }
}

async function wipeDatabase(settings: ConnectionSettings): Promise<void> {
  await using connection = await connect(settings);
  await wipe(connection);
}

/** Without a database there is nothing left in it. */
async function proveWiped(maintenance: ConnectionSettings, settings: ConnectionSettings): Promise<void> {
  if ((await databaseOid(maintenance, settings.database)) === undefined) return;
  await using connection = await connect(settings);
  await proveEmpty(connection);
}

async function dropSource(maintenance: ConnectionSettings, name: string): Promise<void> {
  await using connection = await connect(maintenance);
  const { rows } = await connection.query<{ server_version: string }>('SHOW server_version');
  const version = parseVersion(rows[0]?.server_version ?? '');
  if (!version) throw new NoVerdictError({ what: `the server does not tell its version` });
  await dropDatabase(connection, name, version);
}

/** Undefined where there is no database of that name. */
async function databaseOid(maintenance: ConnectionSettings, name: string): Promise<string | undefined> {
  await using connection = await connect(maintenance);
  const { rows } = await connection.query<{ oid: string }>(
    'SELECT oid::text FROM pg_database WHERE datname = $1',
    [name],
  );
  return rows[0]?.oid;
}

/** A database that was dropped and made anew has another OID; over the old one, the restore would prove nothing. */
async function proveAnother(
  maintenance: ConnectionSettings,
  name: string,
  before: string | undefined,
): Promise<void> {
  const after = await databaseOid(maintenance, name);
  if (after !== undefined && after !== before) return;
  throw new NoVerdictError({
    what: `the restore exited 0 and did not make the database ${name}`,
    why: after === undefined ? 'there is no such database' : 'it is still the database that was dumped',
  });
}

function wipesElsewhere(): UsageError {
  return new UsageError({
    what: 'a restore on another server cannot go into the wiped source',
    why: 'the source stays where it is',
    next: 'give the case the target {"kind": "fresh"}, or the restore "create": true',
  });
}

function createsTheSource(): UsageError {
  return new UsageError({
    what: 'a restore with "create" cannot go into a fresh target',
    why: 'pg_restore and a script with --create make a database of the name it was dumped from',
    next: 'give the case the target {"kind": "wiped"}, or leave "create" out',
  });
}
