import { connect } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import type { OwnedDatabase } from '../postgres/run-databases.ts';
import type { ChosenSubject } from '../subject/choose-subject.ts';
import { installMigrations } from '../subject/migrations.ts';
import { requireSubject } from '../subject/require-subject.ts';

/** Where a subject is installed. */
interface InstallationPlace {
  readonly engine: Pick<Engine, 'throwaway'>;
  /** A new empty database. */
  readonly freshDatabase: () => Promise<OwnedDatabase>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A new database with the subject installed and nobody connected to it, as CREATE DATABASE … TEMPLATE wants it.
 * @throws UsageError where the subject cannot be installed, or is none
 */
export async function installSubject(
  { subject, migrations }: ChosenSubject,
  { engine: { throwaway }, freshDatabase, signal }: InstallationPlace,
): Promise<OwnedDatabase> {
  const database = migrations
    ? (await installMigrations({ migrations, throwaway, freshDatabase, signal })).database
    : await freshDatabase();
  try {
    await using connection = await connect(database.settings);
    if (!migrations) await subject.install(connection);
    await requireSubject(connection, subject);
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}
