import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Connection } from '../postgres/connection.ts';
import { testDatabase } from '../testing.ts';
import { jsonRefusal, jsonTokens } from './json-text.ts';

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

async function serverRefusal(json: string): Promise<string | undefined> {
  try {
    await connection.query('SELECT $1::jsonb', [json]);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'no SQLSTATE';
  }
}

describe('the server refuses what is said to be refused', () => {
  test.each([
    '{"a":1.0}',
    '1e131071',
    '1e131072',
    '0.1e131072',
    '12e131071',
    '0.0012e131074',
    '0.0012e131075',
    '000e1',
    '0e131072',
    '0e999999999',
    '1e99999999999',
    '1e-16383',
    '1e-16384',
    '0e-16384',
    '1.5e-16382',
    '1.5e-16383',
    `1${'0'.repeat(131_071)}`,
    `1${'0'.repeat(131_072)}`,
    '"\\u0000"',
    '"\\\\u0000"',
    '"\\\\\\u0000"',
    '{"\\u0000":1}',
    '"\\ud83d\\ude00"',
    '"\\ud83d"',
    '"\\ude00\\ud83d"',
    '"\\ud83d\\ud83d\\ude00"',
    '"\\ud83d x \\ude00"',
    '"\\uffff\\ufdd0"',
    '"\\u00G0"',
    '"\t"',
    '"\\x"',
    '',
    ' ',
    'nul',
    'NaN',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '{"a":1,"a":2}',
    '01',
    '-',
    '- 1',
    '1.',
    '.1',
    '1 2',
    ' \t\r\n1 ',
    '\u00a01',
    '\ufeff1',
    '[[[[]]]]',
    '"\u2028\u0085"',
  ])('%j', async (json) => {
    expect(jsonRefusal(json)).toBe(await serverRefusal(json));
  });

  test('numbers of any scale and exponent', async () => {
    const digits = fc.integer({ min: 0, max: 10 ** 9 }).map(String);
    const power = fc.oneof(
      fc.integer({ min: -16_400, max: -16_370 }),
      fc.integer({ min: 131_060, max: 131_075 }),
    );
    const number = fc
      .tuple(digits, digits, power)
      .map(([whole, fraction, exponent]) => `${whole}.${fraction}e${exponent}`);
    for (const json of fc.sample(number, { seed: 1, numRuns: 300 })) {
      expect([json, jsonRefusal(json)]).toEqual([json, await serverRefusal(json)]);
    }
  });
});

test('the tokens of a text, keys apart', () => {
  expect(
    jsonTokens('{"a" : [1.0, "x:\\"", true],"b":{}}').map(({ kind, text }) => `${kind} ${text}`),
  ).toEqual([
    'open {',
    'key "a"',
    'open [',
    'number 1.0',
    'other ,',
    'string "x:\\""',
    'other ,',
    'other true',
    'close ]',
    'other ,',
    'key "b"',
    'open {',
    'close }',
    'close }',
  ]);
});
