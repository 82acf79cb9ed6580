import { expect, test } from 'vitest';
import { testDatabase } from '../testing.ts';
import { connect } from './connection.ts';
import { BinaryDecoder, copyRows, type BinaryRow } from './copy-binary.ts';

const HEADER = Buffer.from('5047434f50590aff0d0a00' + '00000000' + '00000000', 'hex');
// Two columns: "ab" and NULL; then one column of no bytes; then the trailer.
const BODY = Buffer.from('0002' + '00000002' + '6162' + 'ffffffff' + '0001' + '00000000' + 'ffff', 'hex');

test('a stream is the same rows however it is cut', () => {
  const whole = Buffer.concat([HEADER, BODY]);
  for (let size = 1; size <= whole.length; size++) {
    const decoder = new BinaryDecoder();
    const rows: BinaryRow[] = [];
    for (let start = 0; start < whole.length; start += size) {
      rows.push(...decoder.push(whole.subarray(start, start + size)));
    }
    decoder.end();
    expect(rows).toEqual([[Buffer.from('ab'), null], [Buffer.alloc(0)]]);
  }
});

test('a stream without its trailer is an error', () => {
  const decoder = new BinaryDecoder();
  decoder.push(Buffer.concat([HEADER, BODY.subarray(0, -2)]));
  expect(() => decoder.end()).toThrow('middle of a row');
});

test('what is not a binary COPY stream is an error', () => {
  expect(() => new BinaryDecoder().push(Buffer.alloc(19))).toThrow('not a binary COPY stream');
});

test('rows come from the server in order, of any size', async () => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  const rows: BinaryRow[] = [];
  const query = "SELECT i, repeat('x', i * 100) FROM generate_series(1, 2000) i";
  for await (const batch of copyRows(connection, query)) rows.push(...batch);
  expect(rows.map(([i]) => i?.readInt32BE())).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1));
  expect(rows.every(([, text], i) => text?.length === (i + 1) * 100)).toBe(true);
});

test('an error in the middle of the stream is thrown, and the connection goes on', async () => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  const read = async (): Promise<void> => {
    for await (const _ of copyRows(connection, 'SELECT 1 / (1000 - i) FROM generate_series(1, 2000) i'));
  };
  await expect(read()).rejects.toMatchObject({ code: '22012' });
  expect((await connection.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});
