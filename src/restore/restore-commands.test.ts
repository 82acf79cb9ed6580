import { describe, expect, test } from 'vitest';
import type { DumpPlan, RestorePlan } from '../case/case.ts';
import { UsageError } from '../errors.ts';
import { restoreCommands } from './restore-commands.ts';

/** Each run as one line; no word of these has a blank. */
function lines(restore: RestorePlan, dump: DumpPlan = { format: 'custom' }, archives = ['/d/a']): string[] {
  const places = { archives, database: 'db', maintenance: 'postgres' };
  return restoreCommands({ dump, restore }, places).map(({ tool, argv, inputFile }) =>
    [tool, ...argv, ...(inputFile === undefined ? [] : ['<', inputFile])].join(' '),
  );
}

describe('pg_restore', () => {
  test.each<[Partial<RestorePlan>, string]>([
    [{}, '--exit-on-error --dbname=db /d/a'],
    [{ go_on_after_errors: true }, '--dbname=db /d/a'],
    [{ jobs: 2, options: ['-O'] }, '--exit-on-error --jobs=2 -O --dbname=db /d/a'],
    [{ single_transaction: true }, '--exit-on-error --single-transaction --dbname=db /d/a'],
    [{ transaction_size: 100 }, '--exit-on-error --transaction-size=100 --dbname=db /d/a'],
    [{ clean: true, create: true }, '--exit-on-error --clean --if-exists --create --dbname=postgres /d/a'],
    [{ stdin: true }, '--exit-on-error --dbname=db < /d/a'],
  ])('%j', (plan, line) => {
    expect(lines({ tool: 'pg_restore', ...plan })).toEqual([`pg_restore ${line}`]);
  });

  test('only the first of several runs makes the database', () => {
    expect(lines({ tool: 'pg_restore', create: true, by_section: true })).toEqual([
      'pg_restore --exit-on-error --create --section=pre-data --dbname=postgres /d/a',
      'pg_restore --exit-on-error --section=data --dbname=db /d/a',
      'pg_restore --exit-on-error --section=post-data --dbname=db /d/a',
    ]);
    expect(
      lines({ tool: 'pg_restore', create: true }, { format: 'tar', parts: 'schema-and-data' }, ['/s', '/d']),
    ).toEqual([
      'pg_restore --exit-on-error --create --dbname=postgres /s',
      'pg_restore --exit-on-error --dbname=db /d',
    ]);
  });

  test('a list is written first, once for each archive', () => {
    expect(lines({ tool: 'pg_restore', use_list: 'as-is', by_section: true })).toEqual([
      'pg_restore --list --file=/d/a.list /d/a',
      'pg_restore --exit-on-error --section=pre-data --use-list=/d/a.list --dbname=db /d/a',
      'pg_restore --exit-on-error --section=data --use-list=/d/a.list --dbname=db /d/a',
      'pg_restore --exit-on-error --section=post-data --use-list=/d/a.list --dbname=db /d/a',
    ]);
    expect(lines({ tool: 'pg_restore', use_list: 'reordered', stdin: true })).toEqual([
      'pg_restore --list --verbose --file=/d/a.list < /d/a',
      'pg_restore --exit-on-error --use-list=/d/a.reordered-list --dbname=db < /d/a',
    ]);
  });

  test.each<[string, DumpPlan['format'], boolean, boolean]>([
    ['custom', 'custom', false, false],
    ['directory', 'directory', false, false],
    ['tar', 'tar', false, true],
    ['custom by a pipe', 'custom', true, true],
  ])('%s keeps its data in order: %s, %s, %s', (_, format, stdin, keepDataInOrder) => {
    const places = { archives: ['/a'], database: 'db', maintenance: 'postgres' };
    const restore: RestorePlan = { tool: 'pg_restore', use_list: 'reordered', stdin };
    const [list] = restoreCommands({ dump: { format }, restore }, places);
    expect(list?.reorder).toEqual({ list: '/a.list', into: '/a.reordered-list', keepDataInOrder });
  });
});

describe('psql', () => {
  const PLAIN: DumpPlan = { format: 'plain' };
  test.each<[Partial<RestorePlan>, string]>([
    [{}, '--set=ON_ERROR_STOP=1 --dbname=db --file=/d/a'],
    [{ go_on_after_errors: true }, '--dbname=db --file=/d/a'],
    [
      { single_transaction: true, options: ['--csv'] },
      '--set=ON_ERROR_STOP=1 --single-transaction --csv --dbname=db --file=/d/a',
    ],
    [{ stdin: true }, '--set=ON_ERROR_STOP=1 --dbname=db --file=- < /d/a'],
    // The script has both in it already.
    [{ clean: true, create: true }, '--set=ON_ERROR_STOP=1 --dbname=postgres --file=/d/a'],
  ])('%j', (plan, line) => {
    expect(lines({ tool: 'psql', ...plan }, PLAIN)).toEqual([`psql --no-psqlrc --quiet ${line}`]);
  });
});

test('a script takes what shapes it from pg_restore and what runs it from psql', () => {
  const plan: RestorePlan = {
    tool: 'script',
    clean: true,
    create: true,
    jobs: 2,
    options: ['-O'],
    stdin: true,
  };
  expect(lines({ ...plan, single_transaction: true })).toEqual([
    'pg_restore --jobs=2 --clean --if-exists --create -O --file=/d/a.restore.sql < /d/a',
    'psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction --dbname=postgres --file=/d/a.restore.sql',
  ]);
  expect(lines({ tool: 'script', by_section: true, go_on_after_errors: true })).toEqual([
    'pg_restore --section=pre-data --file=/d/a.pre-data.restore.sql /d/a',
    'psql --no-psqlrc --quiet --dbname=db --file=/d/a.pre-data.restore.sql',
    'pg_restore --section=data --file=/d/a.data.restore.sql /d/a',
    'psql --no-psqlrc --quiet --dbname=db --file=/d/a.data.restore.sql',
    'pg_restore --section=post-data --file=/d/a.post-data.restore.sql /d/a',
    'psql --no-psqlrc --quiet --dbname=db --file=/d/a.post-data.restore.sql',
  ]);
});

test.each<[string, RestorePlan, DumpPlan['format']]>([
  ['psql cannot restore with "jobs"', { tool: 'psql', jobs: 2 }, 'plain'],
  ['psql cannot restore with "by_section"', { tool: 'psql', by_section: true }, 'plain'],
  ['psql cannot restore with "use_list"', { tool: 'psql', use_list: 'as-is' }, 'plain'],
  ['a dump in directory format cannot come by standard input', { tool: 'script', stdin: true }, 'directory'],
])('%s', (message, restore, format) => {
  const attempt = (): unknown => lines(restore, { format });
  expect(attempt).toThrow(UsageError);
  expect(attempt).toThrow(message);
});
