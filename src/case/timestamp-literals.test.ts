import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Connection } from '../postgres/connection.ts';
import { testDatabase } from '../testing.ts';
import { KNOWN_LITERALS, REFUSED_LITERALS } from './timestamp-literals.ts';

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

test.each(KNOWN_LITERALS)('$written under $zone', async ({ zone, written, at }) => {
  await connection.query(`SELECT set_config('TimeZone', $1, false)`, [zone ?? 'Asia/Kolkata']);
  const result = await connection.query<{ at: string }>(
    'SELECT (extract(epoch from $1::timestamptz) * 1000000)::numeric::bigint::text AS at',
    [written],
  );
  expect(result.rows).toEqual([{ at: String(at) }]);
});

test.each(Object.entries(REFUSED_LITERALS))('%j is refused by %s', async (written, sqlstate) => {
  const infinite = sqlstate === '23502';
  const reading = connection.query('SELECT isfinite($1::timestamptz) AS finite', [written]);
  await expect(
    reading.then(
      ({ rows }) => rows as unknown,
      (error: unknown) => error,
    ),
  ).resolves.toMatchObject(infinite ? [{ finite: false }] : { code: sqlstate });
});
