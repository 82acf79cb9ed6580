import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageError, type RestoreproofError } from '../errors.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import { testDatabase } from '../testing.ts';
import { applyMigrations, RECORD_TABLE } from './migration-apply.ts';
import type { Migration } from './migration-files.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

function migration(name: string, sql: string): Migration {
  return { name, sql, path: `/m/${name}`, sha256: createHash('sha256').update(sql).digest('hex') };
}

async function apply(...files: readonly [name: string, sql: string][]): Promise<void> {
  const migrations = files.map(([name, sql]) => migration(name, sql));
  await applyMigrations({ migrations, settings: database.settings });
}

async function failure(action: Promise<unknown>): Promise<RestoreproofError> {
  const error = await action.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UsageError)) throw new Error(`no UsageError: ${String(error)}`, { cause: error });
  return error;
}

async function value(sql: string, settings: ConnectionSettings = database.settings): Promise<unknown> {
  await using connection = await connect(settings);
  const { rows } = await connection.query<{ value: unknown }>(`SELECT (${sql}) AS value`);
  return rows[0]?.value;
}

describe('applying', () => {
  test('files as their authors write them', async () => {
    await apply(
      [
        '1_many.up.sql',
        `-- a comment; with 'a quote
        CREATE TABLE t (a int, b text DEFAULT 'x;y');
        /* BEGIN; /* nested */ */
        DO $do$ BEGIN INSERT INTO t VALUES (1); END $do$;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END; $$;
        LOCK TABLE t; SET LOCAL search_path = pg_catalog; SELECT 1 AS "v;"`,
      ],
      [
        '2_own.up.sql',
        'BEGIN; INSERT INTO t VALUES (2); COMMIT; CREATE INDEX CONCURRENTLY i ON t (a); VACUUM t;',
      ],
      ['3_concurrently.up.sql', 'INSERT INTO t VALUES (3); CREATE INDEX CONCURRENTLY j ON t (a);'],
      ['4_rolled_back.up.sql', 'BEGIN; INSERT INTO t VALUES (4); ROLLBACK;'],
      ['5_enum.up.sql', "CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'b'; SELECT 'b'::e;"],
      ['6_procedure.up.sql', 'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$; CALL p();'],
      ['7_empty.up.sql', '-- nothing\n;;'],
      ['8_nothing.up.sql', ''],
      ['9_no_semicolon.up.sql', 'INSERT INTO t\r\nVALUES (9)\r\n'],
    );
    expect(await value('SELECT array_agg(a ORDER BY a) FROM t')).toEqual([1, 2, 3, 9]);
    expect(
      await value("SELECT count(*)::int FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid"),
    ).toBe(2);
  });

  test('each in a session of its own, row security as an owner has it', async () => {
    await apply(
      ['1_session.up.sql', "SET search_path = ''; SET ROLE pg_monitor; CREATE TEMP TABLE t (a int);"],
      [
        '2_next.up.sql',
        'CREATE TABLE t AS SELECT current_user::text AS u, current_setting($$row_security$$) AS r;',
      ],
    );
    expect(await value('SELECT u || r FROM public.t')).toBe('postgreson');
  });

  test('nothing of a file that fails, whose transaction is the whole file', async () => {
    await failure(apply(['1_a.up.sql', 'CREATE TABLE t (a int); SELECT 1/0;']));
    expect(await value("to_regclass('t')")).toBeNull();
  });

  test('no commands of psql, and none of its variables', async () => {
    const error = await failure(apply(['1_a.up.sql', 'SELECT 1;\n\\! touch /tmp/never\n']));
    expect(error.message).toBe('migration 1_a.up.sql fails at line 2 (SQLSTATE 42601)');
    expect(error.next).toContain('commands of psql');
    await apply(['2_b.up.sql', 'CREATE TABLE t AS SELECT (ARRAY[1,2])[1:USER::text::int] AS a WHERE false']);
  });

  test('text of every plane, whatever the database is encoded in', async () => {
    await using latin = await testDatabase("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    const migrations = [migration('1_a.up.sql', "CREATE TABLE t AS SELECT 'é' AS a")];
    await applyMigrations({ migrations, settings: latin.settings });
    expect(await value("SELECT a || '/' || octet_length(a) FROM t", latin.settings)).toBe('é/1');
  });

  test('into the user’s schema as without us, even if the user has our name', async () => {
    const role = `restoreproof_${randomBytes(6).toString('hex')}`;
    await using connection = await connect(database.settings);
    await connection.query(`CREATE ROLE ${role} SUPERUSER LOGIN`);
    try {
      const settings = { ...database.settings, user: role };
      await applyMigrations({ migrations: [migration('1_a.up.sql', 'CREATE TABLE t (a int)')], settings });
      expect(await value("SELECT relnamespace::regnamespace::text FROM pg_class WHERE relname = 't'")).toBe(
        'public',
      );
    } finally {
      await connection.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});

describe('the record', () => {
  test('has every file once, and what is in it is skipped', async () => {
    const first = ['1_a.up.sql', 'CREATE TABLE t (a int)'] as const;
    await apply([...first]);
    await apply([...first], ['2_b.up.sql', 'INSERT INTO t VALUES (2)']);
    expect(await value(`SELECT array_agg(name || ' ' || sha256 ORDER BY name) FROM ${RECORD_TABLE}`)).toEqual(
      [
        `1_a.up.sql ${migration(...first).sha256}`,
        `2_b.up.sql ${migration('', 'INSERT INTO t VALUES (2)').sha256}`,
      ],
    );
    expect(
      await value(`SELECT bool_and(applied_at > now() - interval '1 minute') FROM ${RECORD_TABLE}`),
    ).toBe(true);
  });

  test('has no file that failed', async () => {
    await failure(apply(['1_a.up.sql', 'SELECT 1'], ['2_b.up.sql', 'SELECT 1/0']));
    expect(await value(`SELECT array_agg(name) FROM ${RECORD_TABLE}`)).toEqual(['1_a.up.sql']);
  });

  test('refuses a file that has changed', async () => {
    await apply(['1_a.up.sql', 'SELECT 1']);
    const error = await failure(apply(['1_a.up.sql', 'SELECT 2']));
    expect(error.message).toBe('migration 1_a.up.sql has changed since it was applied');
    expect(error.why).toBe(
      `its SHA-256 is ${migration('', 'SELECT 2').sha256}, recorded is ${migration('', 'SELECT 1').sha256}`,
    );
  });

  test('says where it cannot be kept', async () => {
    const role = `m_${randomBytes(6).toString('hex')}`;
    await using connection = await connect(database.settings);
    await connection.query(`CREATE ROLE ${role} LOGIN`);
    try {
      const settings = { ...database.settings, user: role };
      const error = await failure(applyMigrations({ migrations: [], settings }));
      expect(error.message).toContain(`${RECORD_TABLE}, cannot be kept`);
      expect(error.why).toContain('permission denied for database');
    } finally {
      await connection.query(`DROP ROLE ${role}`);
    }
  });
});

describe('the signal', () => {
  test('ends a statement that runs', async () => {
    const migrations = [migration('1_a.up.sql', 'SELECT pg_sleep(60)')];
    const reason = new Error('enough');
    const controller = new AbortController();
    const action = applyMigrations({ migrations, settings: database.settings, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 300);
    await expect(action).rejects.toBe(reason);
  });

  test('keeps anything from starting', async () => {
    const migrations = [migration('1_a.up.sql', 'CREATE TABLE t (a int)')];
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(applyMigrations({ migrations, settings: database.settings, signal })).rejects.toThrow(
      'enough',
    );
    expect(await value("to_regclass('t')")).toBeNull();
  });
});
