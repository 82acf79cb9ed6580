import { firstLine, UsageError } from '../errors.ts';
import { connect, type Connection } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import type { OwnedDatabase } from '../postgres/run-databases.ts';
import type { ChosenSubject } from '../subject/choose-subject.ts';
import type { Migration } from '../subject/migration-files.ts';
import { migrationsSubject } from '../subject/migrations-subject.ts';
import { installMigrations } from '../subject/migrations.ts';
import { rolesOf } from '../subject/own-roles.ts';
import { requireSubject } from '../subject/require-subject.ts';
import type { Subject } from '../subject/subject.ts';
import { probeDescription } from './probe-description.ts';
import { probeIntake } from './probe-intake.ts';
import { surveyInstallation } from './survey-installation.ts';

/** Where a subject is installed. */
interface InstallationPlace {
  readonly engine: Pick<Engine, 'throwaway' | 'connectionTo' | 'maintenanceDatabase'>;
  /** A new empty database. */
  readonly freshDatabase: () => Promise<OwnedDatabase>;
  readonly signal?: AbortSignal | undefined;
}

/** A database with a subject and no events, and nobody connected to it, as CREATE DATABASE … TEMPLATE wants it. */
export interface InstalledSubject {
  readonly database: OwnedDatabase;
  /** With the traits of what is installed, as far as they are found by looking. */
  readonly subject: Subject;
}

/**
 * Installs a subject into a new database.
 * @throws UsageError where it cannot be installed, or is none
 */
export async function installSubject(
  chosen: ChosenSubject,
  place: InstallationPlace,
): Promise<InstalledSubject> {
  if (chosen.migrations) return await installFromMigrations(chosen, chosen.migrations, place);
  const { subject } = chosen;
  const database = await place.freshDatabase();
  return await orDisposed(database, async () => {
    await using connection = await connect(database.settings);
    if (subject.traits.intake === undefined)
      return { database, subject: await installDescribed(connection, chosen, place) };
    await subject.install(connection);
    await requireSubject(connection, subject);
    return { database, subject };
  });
}

/** A description may be wrong: everything that it says is tried once. */
async function installDescribed(
  connection: Connection,
  { subject }: ChosenSubject,
  { engine }: InstallationPlace,
): Promise<Subject> {
  const maintenance = engine.connectionTo(engine.maintenanceDatabase);
  const before = await rolesOf(maintenance);
  await subject.install(connection).catch((cause: unknown) => {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError({
      what: `the SQL of the subject ${subject.name} cannot be installed`,
      why: firstLine(cause),
      next: 'try the files with psql in an empty database',
      cause,
    });
  });
  await requireSubject(connection, subject);
  await probeDescription(connection, subject);
  const again = (await rolesOf(maintenance)).length === before.length;
  const installed = { ...(await surveyInstallation(connection, subject.traits)), again };
  return { ...subject, traits: { ...subject.traits, installed } };
}

async function installFromMigrations(
  { subject }: ChosenSubject,
  migrations: readonly Migration[],
  { engine, freshDatabase, signal }: InstallationPlace,
): Promise<InstalledSubject> {
  const { throwaway } = engine;
  const before = new Set(await rolesOf(engine.connectionTo(engine.maintenanceDatabase)));
  const { database, createdRoles } = await installMigrations({
    migrations,
    throwaway,
    freshDatabase,
    signal,
  });
  return await orDisposed(database, async () => {
    await using connection = await connect(database.settings);
    await requireSubject(connection, subject);
    const brought = (await rolesOf(database.settings)).filter(
      (name) => !before.has(name) && !createdRoles.includes(name),
    );
    const traits = {
      ...subject.traits,
      intake: await probeIntake(connection, subject),
      installed: {
        ...(await surveyInstallation(connection, subject.traits)),
        again: brought.length === 0,
      },
    };
    const by = { migrations, settings: database.settings, createdRoles };
    return { database, subject: migrationsSubject(by, traits) };
  });
}

async function orDisposed<T>(database: OwnedDatabase, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}
