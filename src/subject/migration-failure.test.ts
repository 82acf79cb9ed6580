import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { NoVerdictError, UsageError, type RestoreproofError } from '../errors.ts';
import { testDatabase } from '../testing.ts';
import { applyMigrations } from './migration-apply.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

async function apply(...files: readonly [name: string, sql: string][]): Promise<void> {
  const migrations = files.map(([name, sql]) => ({ name, sql, path: `/m/${name}`, sha256: '' }));
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

describe('a failure', () => {
  const before = "-- é\u{1F600};\nSELECT 'a\nb';\n\n";
  test.each([
    [
      'a syntax error',
      `CREATE TABLE t (\n a int,\n b int,,\n c int);`,
      'at line 7',
      '42601',
      'syntax error at or near ","',
    ],
    ['an analysis error', 'SELECT 1,\n nope;', 'at line 6', '42703', 'column "nope" does not exist'],
    [
      'behind a wide character',
      "SELECT '\u{1F600}\n', \n nope;",
      'at line 7',
      '42703',
      'column "nope" does not exist',
    ],
    [
      'without position',
      'SELECT 1; GRANT SELECT\n ON ALL TABLES\n IN SCHEMA no_such TO postgres; SELECT 2',
      'in lines 5 to 7',
      '3F000',
      'schema "no_such" does not exist',
    ],
    [
      'in one line',
      'SELECT 1;\nDROP SCHEMA no_such;\nSELECT 2',
      'at line 6',
      '3F000',
      'schema "no_such" does not exist',
    ],
    [
      'of a function body',
      'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n retrun 1;\nEND $$',
      'at line 7',
      '42601',
      'syntax error at or near "retrun"',
    ],
    [
      'of a DO body',
      'DO\n$$\nBEGIN\n retrun 1;\nEND $$',
      'at line 8',
      '42601',
      'syntax error at or near "retrun"',
    ],
    [
      'inside DO',
      'DO\nLANGUAGE plpgsql $x$\nBEGIN\n\n INSERT INTO nowhere VALUES (1);\nEND $x$;',
      'at line 9',
      '42P01',
      'relation "nowhere" does not exist',
    ],
    [
      'raised inside DO',
      "DO 'BEGIN\n RAISE EXCEPTION E''a\\nb'' USING DETAIL=E''c\\nd'', HINT=''e'', ERRCODE=''XY123'';\nEND';",
      'at line 6',
      'XY123',
      'a; detail: c; hint: e',
    ],
    [
      'inside a function',
      'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n RETURN 1/0;\nEND $$;\nSELECT f();',
      'at line 9',
      '22012',
      'division by zero; context: PL/pgSQL function f() line 3 at RETURN',
    ],
    [
      'an open quote',
      "SELECT 1;\nSELECT 'a;\n",
      'at line 6',
      '42601',
      'unterminated quoted string at or near "\'a;',
    ],
    [
      'an open dollar quote',
      'SELECT $$a;\n',
      'at line 5',
      '42601',
      'unterminated dollar-quoted string at or near "$$a;',
    ],
    [
      'an open comment',
      'SELECT 1;\n /* a\n',
      'at line 6',
      '42601',
      'unterminated /* comment at or near "/* a',
    ],
  ])('says file, line and SQLSTATE: %s', async (_, sql, place, state, why) => {
    const expected = {
      message: `migration 1_a.up.sql fails ${place} (SQLSTATE ${state})`,
      why,
      next: 'correct /m/1_a.up.sql',
    };
    expect(await failure(apply(['1_a.up.sql', before + sql]))).toMatchObject(expected);
    // With transactions of its own the file goes statement by statement.
    const failed = await failure(apply(['1_a.up.sql', `BEGIN; COMMIT; ${before}${sql}`]));
    expect(failed).toMatchObject(expected);
  });

  test.each([
    [
      'CREATE EXTENSION "no such"',
      '(0A000|58P01)',
      'install the package that brings the extension no such on the machine',
    ],
    [
      "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '$libdir/no_such'",
      '58P01',
      'install what the file belongs to',
    ],
    ['ALTER DATABASE no_such SET x.y = 1', '3D000', 'current_database()'],
  ])('says what to do: %s', async (sql, state, next) => {
    const error = await failure(apply(['1_a.up.sql', sql]));
    expect(error.message).toMatch(
      new RegExp(`^migration 1_a.up.sql fails at line 1 \\(SQLSTATE ${state}\\)$`),
    );
    expect(error.next).toContain(next);
  });

  test('of names in another order than their numbers says so', async () => {
    const error = await failure(
      apply(['10_b.up.sql', 'SELECT * FROM t'], ['2_a.up.sql', 'CREATE TABLE t (a int)']),
    );
    expect(error.message).toBe('migration 10_b.up.sql fails at line 1 (SQLSTATE 42P01)');
    expect(error.next).toContain('pad the numbers');
    const other = await failure(apply(['10_b.up.sql', 'SELECT 1/0'], ['2_a.up.sql', 'SELECT 1']));
    expect(other.next).toBe('correct /m/10_b.up.sql');
  });

  test('is a transaction that is not ended', async () => {
    const error = await failure(apply(['1_a.up.sql', 'SELECT 1;\n\nBEGIN;\nCREATE TABLE t (a int);']));
    expect(error.message).toBe('migration 1_a.up.sql does not end the transaction of line 3');
    expect(error.next).toBe('add COMMIT; at the end of /m/1_a.up.sql');
  });

  test('of the server is no verdict', async () => {
    const action = apply(['1_a.up.sql', 'SELECT pg_terminate_backend(pg_backend_pid())']);
    await expect(action).rejects.toThrow(NoVerdictError);
    await expect(action).rejects.toThrow('migration 1_a.up.sql could not be finished');
  });

  test('to connect names the user and the database', async () => {
    const settings = { ...inject('server').settings, database: 'no_such_database' };
    const error = await failure(applyMigrations({ migrations: [], settings }));
    expect(error.message).toContain('no_such_database');
  });
});
