import { fc } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connect, type Connection } from '../postgres/connection.ts';
import { testDatabase } from '../testing.ts';
import { lineAt, offsetOfPosition, splitStatements } from './migration-statements.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let connection: Connection;

beforeAll(async () => {
  database = await testDatabase();
  connection = await connect(database.settings);
  await connection.query(
    'CREATE TABLE t (a int, b text); CREATE TABLE "semi;colon" (a int); CREATE TABLE a$b$ (a int);',
  );
});

afterAll(async () => {
  await connection.end();
  await database[Symbol.asyncDispose]();
});

/** Statements that the server takes, each with something in it that a careless splitter trips over. */
const STATEMENTS = [
  'SELECT 1',
  "SELECT 'a;b'",
  "SELECT 'it''s; --'",
  "SELECT 'back\\'",
  "SELECT E'it\\'s; ''\\\\'",
  "SELECT e'\\\\'",
  "SELECT U&'\\0041;\\\\'",
  "SELECT B'01', X'1f', N'a;'",
  'SELECT $$a;b$$',
  "SELECT $x$a;$$;'$y$;$x$",
  'SELECT $é$;$é$',
  'SELECT 1 AS a$b$, 2 AS c$b$',
  'SELECT a FROM a$b$',
  'SELECT a FROM "semi;colon"',
  'SELECT 1 AS "a"";--"',
  "SELECT /* ; /* ' */ ; */ 1",
  'SELECT 1 -- ; \' " $$\n + 1',
  'SELECT 1 - -1 / 2 * 3',
  'DO $$ BEGIN PERFORM 1; IF true THEN PERFORM 2; END IF; END; $$',
  "DO LANGUAGE plpgsql 'BEGIN PERFORM ''a;''; END'",
  'CREATE OR REPLACE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)',
  'CREATE OR REPLACE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a > 0 THEN 1 ELSE 2 END; END',
  'CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT (SELECT 1); END',
  'CREATE OR REPLACE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$',
  'CREATE OR REPLACE FUNCTION h(begin int) RETURNS int LANGUAGE sql RETURN 1',
  "COMMENT ON TABLE t IS 'a\n;\nb'",
];
const between = fc.constantFrom(';', ' ;\n', ';;', '\n;\r\n-- c;\n', '; /* a; /* b */ */\t', ';--;\n;');

describe('splitStatements', () => {
  test('finds what was put together', () => {
    const statements = fc.array(fc.tuple(fc.constantFrom(...STATEMENTS), between), { maxLength: 8 });
    fc.assert(
      fc.property(statements, (parts) => {
        const sql = `-- first;\n${parts.flat().join('')}`;
        const found = splitStatements(sql).map(({ start, end }) => sql.slice(start, end));
        expect(found).toEqual(parts.map(([statement]) => statement));
      }),
    );
  });

  test('finds as many statements as the server completes', async () => {
    // SQL bodies of functions came with PostgreSQL 14.
    const old = Number.parseInt(inject('server').version, 10) < 14;
    const taken = old ? STATEMENTS.filter((sql) => !/ATOMIC|sql RETURN/.test(sql)) : STATEMENTS;
    let completed = 0;
    connection.connection.on('commandComplete', () => completed++);
    const sql = `${taken.join(';\n')};`;
    await connection.query(sql);
    expect(completed).toBe(taken.length);
    expect(splitStatements(sql)).toHaveLength(completed);
  });

  test.each([
    "SELECT 'a; b",
    'SELECT "a; b',
    'SELECT $$a; b$ $',
    'SELECT (a; b',
    "SELECT E'a\\'; b",
    '/* a; /* */ b',
  ])('goes on to the end where something is left open: %s', (open) => {
    const sql = `SELECT 1; ${open}`;
    expect(splitStatements(sql).map(({ start, end }) => sql.slice(start, end))).toEqual(['SELECT 1', open]);
  });

  test('tells the first word and the first string', () => {
    const sql = "/* x */ Begin; DO LANGUAGE plpgsql $x$ 'a' $x$; SELECT \"a\", E'b'; (SELECT 1); $1";
    expect(splitStatements(sql).map(({ firstWord, firstString }) => [firstWord, firstString])).toEqual([
      ['begin', undefined],
      ['do', sql.indexOf('$x$')],
      ['select', sql.indexOf("E'b'")],
      ['select', undefined],
      ['', undefined],
    ]);
  });

  test('takes a file of many megabytes', () => {
    const long = `SELECT '${"a''\n".repeat(1_000_000)}'`;
    const sql = `${long};${'SELECT 1;'.repeat(100_000)}`;
    const found = splitStatements(sql);
    expect(found).toHaveLength(100_001);
    expect(found[0]?.end).toBe(long.length);
  });
});

test('lineAt counts from 1, by line feeds', () => {
  expect([0, 1, 2, 3, 4].map((offset) => lineAt('a\n\r\nb', offset))).toEqual([1, 1, 2, 2, 3]);
});

test('offsetOfPosition counts characters as the server does', async () => {
  const sql = "SELECT '\u{1F600}é\u{1F600}', nope";
  const error: unknown = await connection.query(sql).catch((thrown: unknown) => thrown);
  const position = error instanceof Error && 'position' in error ? Number(error.position) : 0;
  expect(offsetOfPosition(sql, position)).toBe(sql.indexOf('nope'));
});
