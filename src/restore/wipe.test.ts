import { randomBytes } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { connect, type Connection } from '../postgres/connection.ts';
import { readCatalog } from '../snapshot/catalog.ts';
import { testDatabase } from '../testing.ts';
import { wipe } from './wipe.ts';

/** A role of its own for a test, for what belongs to roles; without the right to log in. */
async function testRole(): Promise<{ name: string } & AsyncDisposable> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE ROLE ${name}`);
  return { name, [Symbol.asyncDispose]: () => onServer(`DROP ROLE ${name}`) };
}

async function onServer(sql: string): Promise<void> {
  await using connection = await connect(inject('server').settings);
  await connection.query(sql);
}

async function largeObjects(connection: Connection): Promise<number> {
  const { rowCount } = await connection.query('SELECT FROM pg_largeobject_metadata');
  return rowCount ?? 0;
}

test('what no schema holds is gone as well, and the database is as a new one', async () => {
  await using role = await testRole();
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  const before = await readCatalog(connection);
  await connection.query(`
    CREATE SCHEMA "a b"; CREATE TABLE "a b".t (i int PRIMARY KEY); CREATE EXTENSION pgcrypto SCHEMA "a b";
    CREATE TYPE mood AS ENUM ('ok'); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no drops'; END$$;
    CREATE PUBLICATION p FOR ALL TABLES; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
    CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
    SELECT lo_create(0);
    ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${role.name}, PUBLIC;
    ALTER DEFAULT PRIVILEGES FOR ROLE ${role.name} REVOKE ALL ON TABLES FROM ${role.name};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${role.name} REVOKE ALL ON FUNCTIONS FROM PUBLIC;
    ALTER DEFAULT PRIVILEGES FOR ROLE ${role.name} REVOKE USAGE ON TYPES FROM PUBLIC;
    ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO ${role.name};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${role.name} IN SCHEMA public GRANT SELECT ON SEQUENCES TO PUBLIC;
    CREATE EVENT TRIGGER no_drops ON sql_drop EXECUTE FUNCTION e()`);
  await wipe(connection);
  expect(await readCatalog(connection)).toEqual(before);
  expect(await largeObjects(connection)).toBe(0);
});

test('an extension is gone with what it brought and with what was made of that', async () => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  const before = await readCatalog(connection);
  await connection.query('CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw');
  await wipe(connection);
  expect(await readCatalog(connection)).toEqual(before);
});

test('what is left is an error: a function in a schema of the system', async () => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  await connection.query(
    `SET allow_system_table_mods = on; CREATE FUNCTION pg_catalog.left_over() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
  );
  await expect(wipe(connection)).rejects.toThrow(
    'the wipe left 1 object(s), function left_over() among them',
  );
});
