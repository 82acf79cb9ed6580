import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Case, Target } from '../case/case.ts';
import type { Installed } from '../case/subject-traits.ts';
import { runDump } from '../dump/run-dump.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import { openThrowawayDirectory } from '../postgres/throwaway-directory.ts';
import { runRestore } from '../restore/run-restore.ts';
import { readCatalog, type CatalogObject } from '../snapshot/catalog.ts';
import { NOTHING_BESIDE } from '../test-installed.ts';
import { testDatabase, testTools } from '../testing.ts';
import { compareCatalogs, describeCatalogDifference } from './compare-catalogs.ts';
import { describeExempt, exemptObjects, exemptProperties } from './exemptions.ts';

type Plans = Pick<Case, 'dump' | 'restore' | 'target'>;

const NAME = `t_${randomBytes(6).toString('hex')}`;
const OWNER = `${NAME}_owner`;
const SPACE = `${NAME}_space`;
const undo: (() => Promise<void>)[] = [];
let database: ConnectionSettings;
let source: CatalogObject[];

beforeAll(async () => {
  await using connection = await connect(inject('server').settings);
  await connection.query(`CREATE ROLE ${OWNER}`);
  await connection.query('SET allow_in_place_tablespaces = on');
  await connection.query(`CREATE TABLESPACE ${SPACE} LOCATION ''`);
  undo.push(() => onServer(`DROP TABLESPACE ${SPACE}`, `DROP ROLE ${OWNER}`));
  const made = await testDatabase();
  undo.push(async () => made[Symbol.asyncDispose]());
  database = made.settings;
  await using inside = await connect(database);
  await inside.query(`
    CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
    CREATE TABLE t (i int PRIMARY KEY USING INDEX TABLESPACE ${SPACE}, x text COMPRESSION lz4)
      USING heap2 TABLESPACE ${SPACE};
    ALTER TABLE t OWNER TO ${OWNER}; COMMENT ON TABLE t IS 'commented'; GRANT SELECT ON t TO PUBLIC;
    ALTER DEFAULT PRIVILEGES FOR ROLE ${OWNER} GRANT SELECT ON TABLES TO PUBLIC;
    CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f() FROM PUBLIC;
    CREATE PUBLICATION p; ALTER DATABASE ${database.database} SET work_mem = '5MB'`);
  source = await readCatalog(inside);
});
afterAll(async () => {
  for (const act of undo.toReversed()) await act();
});

async function onServer(...statements: readonly string[]): Promise<void> {
  await using connection = await connect(inject('server').settings);
  for (const statement of statements) await connection.query(statement);
}

function plansWith(word: string, where: 'script' | 'archive' | 'restore'): Plans {
  const options = word === '' ? [] : [word];
  const target = { kind: 'fresh' as const };
  if (where === 'script') return { dump: { format: 'plain', options }, restore: { tool: 'psql' }, target };
  if (where === 'archive')
    return { dump: { format: 'custom', options }, restore: { tool: 'pg_restore' }, target };
  return { dump: { format: 'custom' }, restore: { tool: 'pg_restore', options }, target };
}

/** What the schema check names: with nothing exempt, and with what the plan's own words exempt. */
async function differences(
  plans: Plans,
  subject: { installed?: Installed } = {},
): Promise<{ bare: string[]; left: string[] }> {
  await using directory = await openThrowawayDirectory();
  await using target = await testDatabase();
  const tools = testTools();
  const dumped = await runDump(plans, { tools, source: database, directory: directory.path });
  const { archives } = dumped;
  const maintenance = inject('server').settings;
  const restored = await runRestore(plans, { tools, archives, target: target.settings, maintenance });
  expect([dumped.failed?.stderr, restored.failed?.stderr]).toEqual([undefined, undefined]);
  await using connection = await connect(target.settings);
  const catalog = await readCatalog(connection);
  const named = (found: ReturnType<typeof compareCatalogs>): string[] =>
    found.map((difference) => describeCatalogDifference(difference).replaceAll(NAME, 'mine'));
  return {
    bare: named(compareCatalogs(source, catalog, new Set())),
    left: named(compareCatalogs(source, catalog, exemptObjects(plans, subject), exemptProperties(plans))),
  };
}

const SETTING = 'database-setting work_mem: missing';
const OWNED = 'owner table public.t: mine_owner → postgres';
const GRANTS = [
  'grant SELECT on table public.t to PUBLIC: missing',
  'default-privilege for role mine_owner on tables: missing',
  'grant EXECUTE on function public.f() to PUBLIC: added',
];
const SPACES = [
  'table public.t: tablespace: mine_space → none',
  'index public.t_pkey: tablespace: mine_space → none',
];
const METHOD = 'table public.t: access method: heap2 → heap';
const COMPRESSION = 'column public.t.x: compression: lz4 → none';
const PUBLICATION = ['publication p: missing', 'owner publication p: missing'];

// For each word: what the check would complain about, and with the exemption nothing but what no dump of one database has.
describe.each<[string, readonly ('script' | 'archive' | 'restore')[], readonly string[]]>([
  ['', ['script', 'archive'], []],
  ['--no-owner', ['script', 'restore'], [OWNED]],
  ['--no-owner', ['archive'], []],
  ['--no-acl', ['script', 'archive', 'restore'], GRANTS],
  ['--no-comments', ['script', 'archive', 'restore'], ['comment table public.t: missing']],
  ['--no-publications', ['script', 'archive', 'restore'], PUBLICATION],
  ['--no-tablespaces', ['script', 'restore'], SPACES],
  ['--no-tablespaces', ['archive'], []],
  ['--no-table-access-method', ['script', 'restore'], [METHOD]],
  ['--no-table-access-method', ['archive'], []],
  ['--no-toast-compression', ['script', 'archive'], [COMPRESSION]],
])('%s', (word, places, bare) => {
  test.each(places)('for the %s', async (where) => {
    const found = await differences(plansWith(word, where));
    expect(found.bare.toSorted()).toEqual([...bare, SETTING].toSorted());
    expect(found.left).toEqual([SETTING]);
  });
});

test.each([
  ['--no-tablespaces', 'tablespace'],
  ['--no-table-access-method', 'access method'],
  ['--no-toast-compression', 'compression'],
  ['--no-policies', 'row security'],
])('%s is about the property %s', (word, property) => {
  expect([...exemptProperties(plansWith(word, 'script'))]).toEqual([property]);
});

test('what an archive keeps all the same is not exempt', () => {
  expect(exemptProperties(plansWith('--no-tablespaces', 'archive'))).toEqual(new Set());
  expect(exemptProperties(plansWith('--no-toast-compression', 'archive'))).toEqual(new Set(['compression']));
});

test('a word of psql is not the word of pg_restore', () => {
  const wiped: Plans = {
    dump: { format: 'plain' },
    restore: { tool: 'psql', options: ['-x'] },
    target: { kind: 'wiped' },
  };
  expect(exemptObjects(wiped, {})).toEqual(new Set());
  expect(exemptObjects({ ...wiped, restore: { ...wiped.restore, tool: 'script' } }, {})).toEqual(
    new Set(['grant', 'default-privilege']),
  );
});

const setting = (identity: string, definition: string): CatalogObject => ({
  kind: 'database-setting',
  identity,
  definition,
});

test('database settings are compared, but for those that the case gives a fresh target', () => {
  const plans = plansWith('', 'restore');
  expect(exemptObjects({ ...plans, target: { kind: 'wiped' } }, {})).toEqual(new Set());
  expect(exemptObjects({ ...plans, target: { kind: 'fresh' } }, {})).toEqual(new Set());
  const given = exemptObjects({ ...plans, target: { kind: 'fresh', settings: { TimeZone: 'UTC' } } }, {});
  const before = [setting('work_mem', '1MB')];
  const after = [setting('TimeZone', 'UTC'), setting('TimeZone for role x', 'UTC')];
  expect(compareCatalogs(before, after, given).map(describeCatalogDifference)).toEqual([
    'database-setting work_mem: missing',
    'database-setting TimeZone for role x: added',
  ]);
});

describe('a setting of the installation, which a dump without --create has not', () => {
  const subject = { installed: { ...NOTHING_BESIDE, settings: ['work_mem', 'datestyle'] } };
  const plans = plansWith('', 'archive');
  const before = [setting('work_mem', '5MB'), setting('DateStyle', 'ISO, DMY')];
  const compared = (target: Target, restored: readonly CatalogObject[], from = before): string[] =>
    compareCatalogs(from, restored, exemptObjects({ ...plans, target }, subject)).map(
      describeCatalogDifference,
    );

  test('may be missing from a fresh target', async () => {
    expect((await differences(plans, subject)).left).toEqual([]);
    expect(compared({ kind: 'fresh' }, [])).toEqual([]);
  });

  test.each<[string, Target]>([
    ['the source, wiped', { kind: 'wiped' }],
    ['a target that it was installed into', { kind: 'fresh', prepared: true }],
  ])('may not be missing from %s', (_, target) => {
    expect(compared(target, [setting('DateStyle', 'ISO, DMY')])).toEqual([
      'database-setting work_mem: missing',
    ]);
  });

  test('is compared where it is there, and so are others', () => {
    const other = setting('search_path', 'app');
    expect(compared({ kind: 'fresh' }, [setting('work_mem', '6MB')])).toEqual([
      'database-setting work_mem: 5MB → 6MB',
    ]);
    expect(compared({ kind: 'fresh' }, [], [...before, other])).toEqual([
      'database-setting search_path: missing',
    ]);
    expect(compared({ kind: 'fresh' }, [other])).toEqual(['database-setting search_path: added']);
    expect(compared({ kind: 'fresh' }, [], [...before, setting('work_mem for role x', '1MB')])).toEqual([
      'database-setting work_mem for role x: missing',
    ]);
  });

  test('is named with the reason, and once where the case gives the target its own', () => {
    const exempt = exemptObjects(
      { ...plans, target: { kind: 'fresh', settings: { DateStyle: 'ISO' } } },
      subject,
    );
    expect([...exempt].map(describeExempt)).toEqual([
      'database-setting datestyle',
      'database-setting work_mem (in a dump with --create only)',
    ]);
  });
});
