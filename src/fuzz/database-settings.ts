import { escapeIdentifier } from 'pg';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';

/** A setting of a database, as pg_db_role_setting has it. */
export interface DatabaseSetting {
  readonly name: string;
  readonly value: string;
}

/** What ALTER DATABASE … SET gave a database, which its copies do not have (manual, CREATE DATABASE, Notes). */
export async function readDatabaseSettings(settings: ConnectionSettings): Promise<DatabaseSetting[]> {
  await using connection = await connect(settings);
  const { rows } = await connection.query<DatabaseSetting>(
    `SELECT split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value
     FROM pg_db_role_setting, unnest(setconfig) AS setting
     WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows;
}

/** Gives a copy the settings. FROM CURRENT takes a list such as search_path as the list that it is. */
export async function giveDatabaseSettings(
  settings: ConnectionSettings,
  given: readonly DatabaseSetting[],
): Promise<void> {
  await using connection = await connect(settings);
  for (const { name, value } of given) {
    await connection.query('SELECT set_config($1, $2, false)', [name, value]);
    const setting = name.split('.').map(escapeIdentifier).join('.');
    await connection.query(
      `ALTER DATABASE ${escapeIdentifier(settings.database)} SET ${setting} FROM CURRENT`,
    );
  }
}
