import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Connection } from '../postgres/connection.ts';
import { testDatabase } from '../testing.ts';
import { formatLiteral, microsecondsOf } from '../text/timestamp.ts';
import { drawSession, SESSION_CLASSES, sessionSettings } from './draw-session.ts';
import { drawMoment, TIME_CLASSES } from './draw-timestamp.ts';
import { drawWriting, WRITTEN_FORMS, writeTimestamp } from './written-timestamp.ts';

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

const at = microsecondsOf(2024, 3, 5, 45_296_120_000n);

test.each([
  ['iso', {}, '2024-03-05 18:04:56.12+05:30'],
  ['iso-t', {}, '2024-03-05T18:04:56.12+05:30'],
  ['compact', {}, '20240305T180456.120000+05:30'],
  ['fields', {}, '2024/03/05 18:04:56.12+05:30'],
  ['fields', { dateStyle: { style: 'SQL', order: 'DMY' } }, '05/03/2024 18:04:56.12+05:30'],
  ['fields', { dateStyle: { style: 'ISO', order: 'MDY' } }, '03/05/2024 18:04:56.12+05:30'],
  ['dots', { dateStyle: { style: 'German', order: 'DMY' } }, '05.03.2024 18:04:56.12 +05:30'],
  ['dots', { dateStyle: { style: 'German', order: 'MDY' } }, '2024-03-05 18:04:56.12+05:30'],
  ['words', {}, 'Tue Mar 05 18:04:56.12 2024 +05:30'],
  ['local', { fixedOffset: -10_800 }, '2024-03-05 09:34:56.12'],
  ['local', {}, '2024-03-05 18:04:56.12+05:30'],
] as const)('%s under %j', (form, session, literal) => {
  expect(writeTimestamp(at, { form, offset: 19_800, trimmed: true }, session)).toBe(literal);
});

test('before our era, with seconds in the offset', () => {
  const literal = writeTimestamp(
    microsecondsOf(-43, 3, 15),
    { form: 'words', offset: -2670, trimmed: false },
    {},
  );
  expect(literal).toBe('Thu Mar 14 23:15:30.000000 0044 -00:44:30 BC');
});

test('PostgreSQL reads every form as the instant it was written from, whatever the session', async () => {
  const drawn = fc.tuple(
    drawSession(SESSION_CLASSES),
    fc.array(fc.tuple(drawMoment({ times: TIME_CLASSES, timeZone: undefined }), drawWriting(WRITTEN_FORMS)), {
      minLength: 50,
      maxLength: 50,
    }),
  );
  for (const [session, moments] of fc.sample(drawn, { seed: 1, numRuns: 120 })) {
    const settings = { TimeZone: 'UTC', DateStyle: 'ISO, YMD', ...sessionSettings(session) };
    const literals = moments.map(([moment, writing]) => writeTimestamp(moment.at, writing, session));
    await connection.query('BEGIN');
    for (const [name, value] of Object.entries(settings)) {
      await connection.query('SELECT set_config($1, $2, true)', [name, value]);
    }
    const wrong = await connection.query(
      `SELECT literal, expected FROM unnest($1::text[], $2::text[]) AS t (literal, expected)
        WHERE literal::timestamptz <> expected::timestamptz`,
      [literals, moments.map(([moment]) => formatLiteral(moment.at))],
    );
    await connection.query('ROLLBACK');
    expect({ settings, wrong: wrong.rows }).toEqual({ settings, wrong: [] });
  }
});
