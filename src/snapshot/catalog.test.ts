import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  connect,
  libpqEnvironment,
  type Connection,
  type ConnectionSettings,
} from '../postgres/connection.ts';
import { testDatabase, testTools } from '../testing.ts';
// The reader is tested through the comparison it is made for.
import { compareCatalogs, describeCatalogDifference } from '../verdict/compare-catalogs.ts';
import { CATALOG_KINDS, readCatalog, type CatalogKind, type CatalogObject } from './catalog.ts';

const unique = randomBytes(5).toString('hex');
const owner = `catalog_owner_${unique}`;
const guest = `catalog_guest_${unique}`;
const tools = testTools();

let source: Awaited<ReturnType<typeof testDatabase>>;
let restored: Awaited<ReturnType<typeof testDatabase>>;
let directory: string;
let before: readonly CatalogObject[];

beforeAll(async () => {
  source = await testDatabase();
  restored = await testDatabase();
  directory = await mkdtemp(join(tmpdir(), 'catalog-'));
  const text = await readFile(new URL('catalog/every-kind.sql', import.meta.url), 'utf8');
  await using connection = await connect(source.settings);
  await connection.query(`CREATE ROLE ${owner}; CREATE ROLE ${guest}`);
  await connection.query(filledIn(`${text};\n${DATABASE_SETTINGS}`, source.settings));
  before = await readCatalog(connection);
  await run('pg_dump', ['-Fc', '-f', join(directory, 'dump')], source.settings);
  await run(
    'pg_restore',
    ['-e', '-d', restored.settings.database, join(directory, 'dump')],
    restored.settings,
  );
});

afterAll(async () => {
  await restored[Symbol.asyncDispose]();
  await source[Symbol.asyncDispose]();
  await using connection = await connect(inject('server').settings);
  await connection.query(`DROP ROLE ${owner}; DROP ROLE ${guest}`);
  await rm(directory, { recursive: true });
});

/** The SQL of `catalog/*.sql` for one database. */
function filledIn(sql: string, { database, user }: ConnectionSettings): string {
  const names: Readonly<Record<string, string>> = { owner, guest, database, superuser: user };
  return sql.replaceAll(/(?<!:):(owner|guest|database|superuser)\b/g, (_, name: string) => names[name] ?? '');
}

async function run(tool: 'pg_dump' | 'pg_restore' | 'psql', argv: string[], settings: ConnectionSettings) {
  const { exitCode, stderr } = await tools.run(tool, argv, { environment: libpqEnvironment(settings) });
  if (exitCode !== 0) throw new Error(`${tool} ended with ${exitCode}: ${stderr}`);
}

async function catalogOf(settings: ConnectionSettings): Promise<CatalogObject[]> {
  await using connection = await connect(settings);
  return await readCatalog(connection);
}

function told(after: readonly CatalogObject[], ...exempt: CatalogKind[]): string[] {
  return compareCatalogs(before, after, new Set(exempt)).map(describeCatalogDifference);
}

const DATABASE_SETTINGS = `ALTER DATABASE :database SET search_path = app, public;
  ALTER ROLE :guest IN DATABASE :database SET work_mem = '8MB'`;

/** What pg_dump without --create leaves behind by its nature. */
const DATABASE_SETTINGS_LOST = [
  'database-setting search_path: missing',
  `database-setting work_mem for role ${guest}: missing`,
];

describe('a faithful restore gives an equal catalog', () => {
  test('the schema has every kind but security labels, which need a provider in the server', () => {
    const kinds = new Set(before.map(({ kind }) => kind));
    expect(CATALOG_KINDS.filter((kind) => !kinds.has(kind))).toEqual(['security-label']);
  });

  test('no two objects share kind and identity, and no identity holds an OID', () => {
    const names = before.map(({ kind, identity }) => `${kind} ${identity}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.filter((name) => /\d{5}/.test(name.replaceAll(unique, '')))).toEqual([]);
  });

  test('members of an extension are not looked at', () => {
    expect(before.filter(({ identity }) => /digest|similarity|gtrgm|armor/.test(identity))).toEqual([]);
  });

  test('is in the order of kinds, then of code units', () => {
    const sortable = before.map(({ kind, identity }) => [CATALOG_KINDS.indexOf(kind), identity] as const);
    const sorted = sortable.toSorted(([a, x], [b, y]) => a - b || (x < y ? -1 : 1));
    expect(sortable).toEqual(sorted);
  });

  test('custom format and pg_restore', async () => {
    expect(told(await catalogOf(restored.settings))).toEqual(DATABASE_SETTINGS_LOST);
  });

  test('plain format and psql', async () => {
    await using target = await testDatabase();
    await run('pg_dump', ['-f', join(directory, 'plain.sql')], source.settings);
    const argv = ['-X', '-q', '-o', '/dev/null', '-v', 'ON_ERROR_STOP=1', '-f', join(directory, 'plain.sql')];
    await run('psql', argv, target.settings);
    expect(told(await catalogOf(target.settings))).toEqual(DATABASE_SETTINGS_LOST);
  });

  test('--no-owner keeps all but owners', async () => {
    await using target = await testDatabase();
    await run(
      'pg_restore',
      ['-e', '-O', '-d', target.settings.database, join(directory, 'dump')],
      target.settings,
    );
    const after = await catalogOf(target.settings);
    expect(told(after, 'owner', 'database-setting')).toEqual([]);
    expect(told(after, 'database-setting')).toContain(
      `owner table app.parent: ${owner} → ${target.settings.user}`,
    );
  });

  test('--no-acl keeps all but grants and default privileges', async () => {
    await using target = await testDatabase();
    await run(
      'pg_restore',
      ['-e', '-x', '-d', target.settings.database, join(directory, 'dump')],
      target.settings,
    );
    const after = await catalogOf(target.settings);
    expect(told(after, 'grant', 'default-privilege', 'database-setting')).toEqual([]);
    expect(told(after, 'database-setting').length).toBeGreaterThan(10);
  });
});

interface Fault {
  readonly sql: string;
  readonly told: readonly string[];
}

/** Blocks between empty lines: comment lines are what is to be told, the rest is the fault. */
async function faultsFrom(file: string): Promise<Fault[]> {
  const text = await readFile(new URL(file, import.meta.url), 'utf8');
  const [, ...blocks] = text.trimEnd().split('\n\n');
  return blocks.map((block) => {
    const lines = block.split('\n');
    return {
      sql: lines.filter((line) => !line.startsWith('-- ')).join('\n'),
      told: lines.filter((line) => line.startsWith('-- ')).map((line) => line.slice(3)),
    };
  });
}

describe('a fault is told by the object it was done to', async () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect(restored.settings);
    await connection.query(filledIn(DATABASE_SETTINGS, restored.settings));
  });
  afterAll(() => connection[Symbol.asyncDispose]());

  test.each(await faultsFrom('catalog/every-fault.sql'))('$sql', async ({ sql, told: expected }) => {
    await connection.query('BEGIN');
    try {
      await connection.query(filledIn(sql, restored.settings));
      expect(told(await readCatalog(connection))).toEqual(
        expected.map((line) => filledIn(line, restored.settings)),
      );
    } finally {
      await connection.query('ROLLBACK');
    }
  });

  test('a lost table is told before its parts', async () => {
    await connection.query('BEGIN; DROP TABLE app.parent CASCADE');
    const lost = told(await readCatalog(connection));
    await connection.query('ROLLBACK');
    expect(lost[0]).toBe('table app.child: missing');
    expect(lost[1]).toBe('table app.parent: missing');
    expect(lost).toContain('policy only_positive on app.parent: missing');
  });

  test('the position of a sequence', async () => {
    await connection.query(`SELECT setval('app.counter', 30)`);
    expect(told(await readCatalog(connection))).toEqual([
      'sequence-position app.counter: last value: 25 → 30',
    ]);
    await connection.query(`SELECT setval('app.counter', 25, false)`);
    expect(told(await readCatalog(connection))).toEqual([
      'sequence-position app.counter: called: true → false',
    ]);
    await connection.query(`SELECT setval('app.counter', 25)`);
  });

  test('a function of an extension that was replaced in place', async () => {
    await connection.query(`BEGIN; SET LOCAL search_path = app;
      CREATE OR REPLACE FUNCTION digest(text, text) RETURNS bytea LANGUAGE sql
      AS 'SELECT sha256(convert_to($1, ''UTF8''))'`);
    const lied = told(await readCatalog(connection));
    await connection.query('ROLLBACK');
    expect(lied).toEqual([expect.stringMatching(/^extension pgcrypto: functions: \d+, md5 .* → \d+, md5 /)]);
  });

  test('when nothing was done, nothing is told', async () => {
    expect(told(await readCatalog(connection))).toEqual([]);
  });
});

describe('the session of the caller', () => {
  const session = { search_path: 'app, public', quote_all_identifiers: 'on', jit: 'on' };
  const settings = `SELECT current_setting('search_path') AS search_path,
    current_setting('quote_all_identifiers') AS quote_all_identifiers, current_setting('jit') AS jit`;

  test.each(['', 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'])(
    'changes nothing and is left as it was: %j',
    async (begin) => {
      await using connection = await connect(source.settings);
      await connection.query(
        `SET search_path = app, public; SET quote_all_identifiers = on; SET jit = on; ${begin}`,
      );
      expect(told(await readCatalog(connection))).toEqual([]);
      const { rows } = await connection.query(settings);
      expect(rows).toEqual([session]);
    },
  );

  test('of a database with other rules for literals prints the same', async () => {
    const sql = `CREATE TABLE literals (bytes bytea DEFAULT E'\\\\x00', words text CHECK (words <> E'\\\\'))`;
    await using one = await testDatabase();
    await using other = await testDatabase();
    const catalogs = [];
    for (const [{ settings: place }, value] of [
      [one, 'on'],
      [other, 'off'],
    ] as const) {
      {
        await using connection = await connect(place);
        await connection.query(sql);
        await connection.query(`ALTER DATABASE ${place.database} SET standard_conforming_strings = ${value}`);
      }
      await using connection = await connect(place);
      catalogs.push(await readCatalog(connection));
    }
    const [first = [], second = []] = catalogs;
    expect(compareCatalogs(first, second, new Set(['database-setting']))).toEqual([]);
    expect(first.length).toBeGreaterThan(3);
  });

  test('leaves out its temporary objects', async () => {
    await using connection = await connect(source.settings);
    await connection.query(`CREATE TEMPORARY TABLE passing (id serial PRIMARY KEY);
      COMMENT ON TABLE passing IS 'gone soon'; COMMENT ON CONSTRAINT passing_pkey ON passing IS 'as well';
      CREATE FUNCTION pg_temp.passing() RETURNS integer LANGUAGE sql AS 'SELECT 1'`);
    expect(told(await readCatalog(connection))).toEqual([]);
  });

  test('need not be a superuser, and the schema public need not be there', async () => {
    await using database = await testDatabase(`OWNER ${guest}`);
    await using connection = await connect(database.settings);
    await connection.query(`DROP SCHEMA public; SET SESSION AUTHORIZATION ${guest};
      CREATE SCHEMA mine; CREATE TABLE mine.numbered (id serial PRIMARY KEY)`);
    const catalog = await readCatalog(connection);
    expect(catalog).toContainEqual({ kind: 'schema', identity: 'mine', definition: '' });
    expect(catalog).toContainEqual({ kind: 'owner', identity: 'table mine.numbered', definition: guest });
  });
});
