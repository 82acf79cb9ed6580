import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { UsageError, type RestoreproofError } from '../errors.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import type { OwnedDatabase } from '../postgres/run-databases.ts';
import { testDatabase } from '../testing.ts';
import { readMigrations } from './migration-files.ts';
import { installMigrations, type InstalledMigrations } from './migrations.ts';

let directory: string;
let opened: OwnedDatabase[];
let dropped: string[];
let roles: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  opened = [];
  dropped = [];
  roles = [];
});

afterEach(async () => {
  for (const database of opened) {
    if (!dropped.includes(database.name)) await database[Symbol.asyncDispose]();
  }
  await using connection = await connect(inject('server').settings);
  for (const role of roles) await connection.query(`DROP ROLE IF EXISTS ${escapeIdentifier(role)}`);
  await rm(directory, { recursive: true });
});

/** A role name of this test alone; roles are dropped after it. */
function roleName(around = (random: string) => `m_${random}`): string {
  const name = around(randomBytes(6).toString('hex'));
  roles.push(name);
  return name;
}

async function write(files: Record<string, string | Buffer>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
}

async function freshDatabase(): Promise<OwnedDatabase> {
  const { settings, ...disposable } = await testDatabase();
  const name = settings.database;
  const database = {
    name,
    settings,
    [Symbol.asyncDispose]: async () => {
      dropped.push(name);
      await disposable[Symbol.asyncDispose]();
    },
  };
  opened.push(database);
  return database;
}

async function install(
  files: Record<string, string | Buffer>,
  throwaway = true,
): Promise<InstalledMigrations> {
  await write(files);
  return installMigrations({ migrations: await readMigrations(directory), throwaway, freshDatabase });
}

async function failure(action: Promise<unknown>): Promise<RestoreproofError> {
  const error = await action.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UsageError)) throw new Error(`no UsageError: ${String(error)}`, { cause: error });
  return error;
}

async function value(settings: ConnectionSettings, sql: string): Promise<unknown> {
  await using connection = await connect(settings);
  const { rows } = await connection.query<{ value: unknown }>(`SELECT (${sql}) AS value`);
  return rows[0]?.value;
}

describe('reading', () => {
  test('takes numbered .up.sql files in lexical order and ignores the rest', async () => {
    await mkdir(join(directory, '000009_directory.up.sql'));
    await write({
      '000010_c.up.sql': '3',
      '000002_b.up.sql': '2',
      '1.up.sql': '1',
      '000002_b.down.sql': 'x',
      'README.md': 'x',
      'seed.sql': 'x',
      'init.up.sql': 'x',
      '000003_d.up.sql~': 'x',
    });
    await symlink(join(directory, '000010_c.up.sql'), join(directory, '000011_link.up.sql'));
    const read = await readMigrations(directory);
    expect(read.map(({ name, sql }) => [name, sql])).toEqual([
      ['000002_b.up.sql', '2'],
      ['000010_c.up.sql', '3'],
      ['000011_link.up.sql', '3'],
      ['1.up.sql', '1'],
    ]);
    expect(read[3]).toMatchObject({
      path: join(directory, '1.up.sql'),
      sha256: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
    });
  });

  test.each([
    ['there is no such directory', () => join(directory, 'nowhere')],
    ['it is not a directory', () => join(directory, 'file')],
  ])('says why a directory cannot be read: %s', async (why, path) => {
    await write({ file: '' });
    const error = await failure(readMigrations(path()));
    expect(error.message).toBe(`the directory of migrations ${path()} cannot be read`);
    expect(error.why).toBe(why);
    expect(error.next).toContain('--migrations');
  });

  test.each([
    [{}, undefined],
    [{ 'x.down.sql': '' }, undefined],
    [{ 'schema.sql': '' }, 'there are .sql files without .up in their names, such as schema.sql'],
    [
      { 'schema.sql': '', 'init.up.sql': '' },
      'there are .up.sql files whose names do not begin with a number, such as init.up.sql',
    ],
  ])('says what it looks for where nothing is found: %j', async (files, why) => {
    await write(files);
    const error = await failure(readMigrations(directory));
    expect(error.message).toBe(`there is no migration in ${directory}`);
    expect(error.why).toBe(why);
    expect(error.next).toContain('NNNNNN_name.up.sql');
  });

  test('refuses two files of one number, however it is written', async () => {
    await write({ '1_a.up.sql': '', '0001_b.up.sql': '' });
    const error = await failure(readMigrations(directory));
    expect(error.message).toBe('two migrations have the number 1: 0001_b.up.sql and 1_a.up.sql');
  });

  test.each([
    ['line 2 has bytes that are no UTF-8', Buffer.from('SELECT 1;\n-- caf\xe9\n', 'latin1')],
    ['line 1 has bytes that are no UTF-8', Buffer.from('-- \u{1F600}', 'utf8').subarray(0, 6)],
    ['there is a zero byte in line 1', Buffer.from('\uFEFFSELECT 1;\n', 'utf16le')],
  ])('refuses what is not UTF-8: %s', async (why, content) => {
    await write({ '1_a.up.sql': content });
    const error = await failure(readMigrations(directory));
    expect([error.message, error.why]).toEqual(['migration 1_a.up.sql is not UTF-8 text', why]);
  });

  test('names the file that cannot be read', async () => {
    await symlink(join(directory, 'nowhere'), join(directory, '1_a.up.sql'));
    const error = await failure(readMigrations(directory));
    expect(error.message).toBe('migration 1_a.up.sql cannot be read');
    expect(error.why).toBe('there is no such file or directory');
  });

  test.runIf(process.getuid?.() !== 0)('says that the directory may not be read', async () => {
    await chmod(directory, 0);
    const error = await failure(readMigrations(directory));
    await chmod(directory, 0o700);
    expect(error.why).toBe('permission denied');
  });
});

describe('missing roles', () => {
  test('are created on a throwaway server, wherever they are named, and the sequence starts over', async () => {
    const [owner, reader, policy, setter, block, grantor] = Array.from({ length: 6 }, () => roleName());
    const quoted = roleName((random) => `m "${random}" O'x\\`);
    const { database, createdRoles } = await install({
      '1_first.up.sql': 'BEGIN; CREATE TABLE t (a int); COMMIT; INSERT INTO t VALUES (1);',
      '2_roles.up.sql': `ALTER TABLE t OWNER TO ${owner};
        ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT SELECT ON TABLES TO ${reader};
        CREATE POLICY p ON t TO ${policy};
        GRANT SELECT ON t TO ${escapeIdentifier(quoted)};
        GRANT ${grantor} TO ${owner};
        SET ROLE ${setter}; RESET ROLE;
        DO $$ BEGIN EXECUTE 'GRANT SELECT ON t TO ${block}'; END $$;`,
    });
    expect([...createdRoles].sort()).toEqual([...roles].sort());
    expect(await value(database.settings, 'SELECT count(*)::int FROM t')).toBe(1);
    expect(await value(database.settings, `has_table_privilege('${block}', 't', 'SELECT')`)).toBe(true);
    expect(
      await value(database.settings, `SELECT rolcanlogin FROM pg_roles WHERE rolname = '${owner}'`),
    ).toBe(false);
    expect(dropped).toEqual(opened.slice(0, -1).map(({ name }) => name));
    expect(opened).toHaveLength(roles.length + 1);
  });

  test('are named with the line to run, on a server that is not ours', async () => {
    const role = roleName((random) => `m "${random}`);
    const action = install(
      { '1_a.up.sql': `SELECT 1;\nGRANT ${escapeIdentifier(role)} TO postgres;` },
      false,
    );
    const error = await failure(action);
    expect(error.message).toBe('migration 1_a.up.sql fails at line 2 (SQLSTATE 42704)');
    expect(error.why).toBe(`role "${role}" does not exist`);
    expect(error.next).toBe(
      `run as a superuser on that server: CREATE ROLE "${role.replace('"', '""')}" NOLOGIN;`,
    );
    expect(dropped).toEqual(opened.map(({ name }) => name));
  });

  test('are not created where they are those of newer servers', async () => {
    const error = await failure(install({ '1_a.up.sql': 'GRANT pg_no_such_thing TO postgres' }));
    expect(error.next).toBe('run against a newer PostgreSQL, which brings the role pg_no_such_thing');
    expect(opened).toHaveLength(1);
  });

  test('are given up where a migration drops them again and again', async () => {
    const role = roleName();
    const error = await failure(
      install({ '1_a.up.sql': `DROP ROLE ${role};`, '2_b.up.sql': `DROP ROLE ${role}` }),
    );
    expect(error.message).toBe('migration 2_b.up.sql fails at line 1 (SQLSTATE 42704)');
    expect(opened).toHaveLength(2);
  });
});

describe('roles that migrations create', () => {
  test('are dropped before the sequence starts over, with what they were granted on the server', async () => {
    const [first, second, missing] = [roleName(), roleName(), roleName()];
    await using elsewhere = await testDatabase();
    const { database, createdRoles } = await install({
      '1_a.up.sql': `CREATE ROLE ${first} LOGIN; CREATE ROLE ${second} IN ROLE ${first};`,
      '2_b.up.sql': `CREATE TABLE t (a int); ALTER TABLE t OWNER TO ${first}; GRANT CONNECT ON DATABASE ${elsewhere.settings.database} TO ${first};`,
      '3_c.up.sql': `GRANT SELECT ON t TO ${missing}`,
    });
    expect(createdRoles).toEqual([missing]);
    expect(
      await value(database.settings, `SELECT rolcanlogin FROM pg_roles WHERE rolname = '${first}'`),
    ).toBe(true);
    // Missing, first there already, second there already, done.
    expect(opened).toHaveLength(4);
    await using connection = await connect(database.settings);
    await connection.query(`DROP OWNED BY ${first}, ${second}, ${missing}`);
  });

  test('are left alone where they were there before', async () => {
    const error = await failure(install({ '1_a.up.sql': 'CREATE ROLE postgres' }));
    expect(error.message).toBe('migration 1_a.up.sql fails at line 1 (SQLSTATE 42710)');
    expect(error.next).toContain('roles belong to the whole server');
    expect(opened).toHaveLength(1);
  });

  test('stop the run where another database uses them', async () => {
    const [made, missing] = [roleName(), roleName()];
    await using elsewhere = await testDatabase();
    const outside = async (): Promise<OwnedDatabase> => {
      // Between the first and the second attempt the role gets a table in another database.
      if (opened.length === 1) {
        await using connection = await connect(elsewhere.settings);
        await connection.query(`CREATE TABLE t (a int); ALTER TABLE t OWNER TO ${made}`);
      }
      return freshDatabase();
    };
    await write({ '1_a.up.sql': `CREATE ROLE ${made}`, '2_b.up.sql': `SET ROLE ${missing}` });
    const migrations = await readMigrations(directory);
    const error = await failure(installMigrations({ migrations, throwaway: true, freshDatabase: outside }));
    expect(error.message).toBe(`the roles that the migrations need cannot be prepared: "${made}"`);
    expect(error.why).toContain(`role "${made}" cannot be dropped`);
    expect(dropped).toEqual(opened.map(({ name }) => name));
  });
});
