import { escapeIdentifier } from 'pg';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';

/** A setting of a database, or of a role in it, as pg_db_role_setting has it. */
export interface DatabaseSetting {
  readonly name: string;
  readonly value: string;
  /** Null: of every role. */
  readonly role: string | null;
}

/**
 * What ALTER DATABASE … SET and ALTER ROLE … IN DATABASE … SET gave a database, which its copies do not have (manual,
 * CREATE DATABASE, Notes).
 */
export async function readDatabaseSettings(settings: ConnectionSettings): Promise<DatabaseSetting[]> {
  await using connection = await connect(settings);
  const { rows } = await connection.query<DatabaseSetting>(
    `SELECT split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value, rolname AS role
     FROM pg_db_role_setting LEFT JOIN pg_roles AS r ON r.oid = setrole, unnest(setconfig) AS setting
     WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows;
}

/** Gives a copy the settings. FROM CURRENT takes a list such as search_path as the list that it is. */
export async function giveDatabaseSettings(
  settings: ConnectionSettings,
  given: readonly DatabaseSetting[],
): Promise<void> {
  await using connection = await connect(settings);
  const database = escapeIdentifier(settings.database);
  for (const { name, value, role } of given) {
    await connection.query('SELECT set_config($1, $2, false)', [name, value]);
    const setting = name.split('.').map(escapeIdentifier).join('.');
    const whose =
      role === null ? `DATABASE ${database}` : `ROLE ${escapeIdentifier(role)} IN DATABASE ${database}`;
    await connection.query(`ALTER ${whose} SET ${setting} FROM CURRENT`);
  }
}
