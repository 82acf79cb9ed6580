import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { localClientTools } from '../postgres/local-tools.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import { parseVersion } from '../postgres/version.ts';
import { differenceOutside, lookFromOutside } from './outside-look.ts';

let directory: string;
let database: ConnectionSettings;
const { settings, pgBin, version, libraryPath } = inject('server');
const parsed = parseVersion(version);
if (!parsed) throw new Error('no version');
const tools = localClientTools(pgBin, parsed, libraryPath);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'outside-look-'));
  database = { ...settings, database: 'outside_look' };
  await run(settings, 'CREATE DATABASE outside_look TEMPLATE template0');
  await run(
    database,
    `CREATE TABLE "a b" (t timestamptz, x text); INSERT INTO "a b" VALUES ('2000-01-01', 'é'), (NULL, '')`,
  );
});

afterAll(async () => {
  await run(settings, 'DROP DATABASE outside_look WITH (FORCE)');
  rmSync(directory, { recursive: true });
});

async function run(where: ConnectionSettings, sql: string): Promise<void> {
  await using connection = await connect(where);
  await connection.query(sql);
}

test('rows and schema are compared, and nothing else', async () => {
  let looks = 0;
  const look = () => lookFromOutside(database, tools, join(directory, String(looks++)));
  const first = await look();
  const difference = async (sql: string) => {
    await run(database, sql);
    return await differenceOutside(first, await look(), tools);
  };
  expect(await difference(`UPDATE "a b" SET x = x`)).toBeUndefined();
  expect(await difference(`UPDATE "a b" SET t = t + '1 microsecond'`)).toBe(
    'the rows of public."a b" differ',
  );
  expect(await difference(`UPDATE "a b" SET t = t - '1 microsecond'::interval`)).toBeUndefined();
  expect(await difference(`CREATE INDEX ON "a b" (x)`)).toMatch(/^pg_dump differs from line \d+: /);
  expect(await difference(`DROP TABLE "a b"`)).toBe('table public."a b" is on one side only');
});
