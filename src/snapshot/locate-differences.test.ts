import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Connection } from '../postgres/connection.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { testDatabase } from '../testing.ts';
import { locateDifferences } from './locate-differences.ts';
import type { Snapshot } from './snapshot.ts';
import { takeSnapshot } from './take-snapshot.ts';

// Rows k00001 to k20000, which the key orders as they are numbered; numbers, which their text orders as 1, 10, 2, …;
// rows without a key, two of each.
const TABLES = `
  CREATE TABLE many (id text PRIMARY KEY, note text, n int);
  INSERT INTO many SELECT 'k' || lpad(i::text, 5, '0'), 'note ' || i, i FROM generate_series(1, 20000) i;
  CREATE TABLE numbered (id int PRIMARY KEY, note text);
  INSERT INTO numbered SELECT i, 'note' FROM generate_series(1, 12) i;
  CREATE TABLE keyless (a text, b text);
  INSERT INTO keyless SELECT 'a' || i, 'b' FROM generate_series(1, 3) i, generate_series(1, 2);`;

let database: Awaited<ReturnType<typeof testDatabase>>;
let connection: Connection;
let directory: string;
let source: Snapshot;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'locate-'));
  database = await testDatabase();
  connection = await connect(database.settings);
  await connection.query(TABLES);
  source = await snapshot('source');
});

afterAll(async () => {
  await connection.end();
  await database[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

function snapshot(phase: string): Promise<Snapshot> {
  const orderedLike = phase === 'source' ? undefined : source;
  const trailFile = join(directory, `${phase}.rows`);
  return takeSnapshot(connection, { phase, subject: auditChain, orderedLike, trailFile });
}

/** What is found after some SQL, which is then undone by other SQL. */
async function after(change: string, undo: string) {
  await connection.query(change);
  const restored = await snapshot('restored');
  await connection.query(undo);
  return locateDifferences(source, restored);
}

const IN_MANY = { table: 'public.many', column: undefined };

test('so many rows do not fit into memory', () => {
  expect(source.trail?.held).toBe(join(directory, 'source.rows'));
});

test('nothing is found where nothing differs', async () => {
  expect(await after('SELECT', 'SELECT')).toEqual([]);
});

test('a changed column of row 9,000', async () => {
  const found = await after(
    `UPDATE many SET n = -1 WHERE id = 'k09000'`,
    `UPDATE many SET n = 9000 WHERE id = 'k09000'`,
  );
  const key = '"k09000"';
  expect(found).toEqual([
    { ...IN_MANY, kind: 'changed', position: 9000, source: key, restored: key, column: 2 },
  ]);
});

test('a row that is missing in the middle, and not all after it', async () => {
  const found = await after(
    `DELETE FROM many WHERE id = 'k09000'`,
    `INSERT INTO many VALUES ('k09000', 'note 9000', 9000)`,
  );
  const there = { source: '"k09000"', restored: '"k09001"' };
  expect(found).toEqual([{ ...IN_MANY, kind: 'missing', position: 9000, ...there }]);
});

test('a row that was added in the middle, and not all after it', async () => {
  const found = await after(
    `INSERT INTO many VALUES ('k08999+', 'new', 0)`,
    `DELETE FROM many WHERE id = 'k08999+'`,
  );
  const there = { source: '"k09000"', restored: '"k08999+"' };
  expect(found).toEqual([{ ...IN_MANY, kind: 'added', position: 9000, ...there }]);
});

test('rows that are missing at the end, and rows added there', async () => {
  const removed = await after(
    `DELETE FROM many WHERE n > 19998`,
    `INSERT INTO many SELECT 'k' || i, 'note ' || i, i FROM generate_series(19999, 20000) i`,
  );
  expect(removed).toEqual([
    { ...IN_MANY, kind: 'missing', position: 19_999, source: '"k19999"', restored: undefined },
  ]);
  const added = await after(`INSERT INTO many VALUES ('k20001')`, `DELETE FROM many WHERE id = 'k20001'`);
  expect(added).toEqual([
    { ...IN_MANY, kind: 'added', position: 20_001, source: undefined, restored: '"k20001"' },
  ]);
});

test('a changed key is one row that is gone and another that stands there', async () => {
  const found = await after(
    `UPDATE many SET id = 'k09000+' WHERE id = 'k09000'`,
    `UPDATE many SET id = 'k09000' WHERE id = 'k09000+'`,
  );
  const there = { source: '"k09000"', restored: '"k09000+"' };
  expect(found).toEqual([{ ...IN_MANY, kind: 'replaced', position: 9000, ...there, column: 0 }]);
});

test('every table that differs, rows counted in the order of their keys as text', async () => {
  const found = await after(
    `UPDATE numbered SET note = NULL WHERE id IN (2, 9); UPDATE many SET note = '' WHERE n = 1`,
    `UPDATE numbered SET note = 'note'; UPDATE many SET note = 'note 1' WHERE n = 1`,
  );
  // 1, 10, 11, 12, 2
  expect(found.map(({ table, position, source: key }) => [table, position, key])).toEqual([
    ['public.many', 1, '"k00001"'],
    ['public.numbered', 5, '2'],
  ]);
});

test('one of two equal rows that is missing, and a changed row, in a table without a key', async () => {
  const removed = await after(
    `DELETE FROM keyless WHERE ctid = (SELECT min(ctid) FROM keyless WHERE a = 'a2')`,
    `INSERT INTO keyless VALUES ('a2', 'b')`,
  );
  expect(removed).toMatchObject([{ table: 'public.keyless', kind: 'missing', position: 4 }]);
  const changed = await after(
    `UPDATE keyless SET b = 'c' WHERE a = 'a3'`,
    `UPDATE keyless SET b = 'b' WHERE a = 'a3'`,
  );
  expect(changed).toMatchObject([{ table: 'public.keyless', kind: 'replaced', position: 5, column: 1 }]);
});

test('without a trail nothing is named, and the digests differ all the same', async () => {
  await connection.query(`DELETE FROM numbered WHERE id = 7`);
  const restored = await snapshot('restored');
  await connection.query(`INSERT INTO numbered VALUES (7, 'note')`);
  expect(await locateDifferences({ ...source, trail: undefined }, restored)).toEqual([]);
  const digests = [source, restored].map(({ tables }) => tables.at(-1)?.digest);
  expect(digests[0]).not.toBe(digests[1]);
});
