import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Connection } from '../postgres/connection.ts';
import { testDatabase } from '../testing.ts';
import { drawSession, SESSION_CLASSES, sessionSettings, zoneKind } from './draw-session.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let connection: Connection;

beforeAll(async () => {
  database = await testDatabase();
  connection = await connect(database.settings);
});

afterAll(async () => {
  await connection.end();
  await database[Symbol.asyncDispose]();
});

const drawn = fc.sample(drawSession(SESSION_CLASSES), { seed: 1, numRuns: 400 });

test('the server knows every zone; those of one offset have it at any time', async () => {
  const zones = new Map(drawn.map(({ timeZone = 'UTC', fixedOffset }) => [timeZone, fixedOffset]));
  for (const [zone, offset] of zones) {
    await connection.query(`SELECT set_config('TimeZone', $1, false)`, [zone]);
    const { rows } = await connection.query<{ offset: number }>(
      `SELECT DISTINCT extract(timezone from t)::integer AS offset
        FROM generate_series(timestamptz '1700-01-01 00:00+00', '2100-01-01', '7 months') AS t`,
    );
    expect([zone, rows.length === 1 ? rows[0]?.offset : undefined]).toEqual([zone, offset]);
  }
});

test('every style of dates is one that the server takes', async () => {
  const styles = new Set(drawn.flatMap((session) => sessionSettings(session)?.['DateStyle'] ?? []));
  expect(styles.size).toBe(12);
  for (const style of styles) {
    const { rows } = await connection.query<{ style: string }>(
      `SELECT set_config('DateStyle', $1, false) AS style`,
      [style],
    );
    expect(rows).toEqual([{ style }]);
  }
});

test('every kind of zone is drawn, and nothing where no class is', () => {
  expect(
    new Set(drawn.flatMap(({ timeZone }) => (timeZone === undefined ? [] : zoneKind(timeZone)))),
  ).toEqual(new Set(['region', 'fixed', 'posix-summer']));
  expect(fc.sample(drawSession([]), { seed: 1, numRuns: 20 }).map(sessionSettings)).toEqual(
    Array(20).fill(undefined),
  );
});
