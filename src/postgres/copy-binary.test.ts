import { expect, test } from 'vitest';
import { testDatabase } from '../testing.ts';
import { connect } from './connection.ts';
import { BinaryDecoder, copyRows, rowsOf, type BinaryRow } from './copy-binary.ts';

const HEADER = Buffer.from('5047434f50590aff0d0a00' + '00000000' + '00000000', 'hex');
// Two rows: "ab" and NULL; nothing and "c"; then the trailer.
const ROWS = '0002' + '00000002' + '6162' + 'ffffffff' + '0002' + '00000000' + '00000001' + '63';
const BODY = Buffer.from(ROWS + 'ffff', 'hex');

test('a stream is the same rows however it is cut', () => {
  const whole = Buffer.concat([HEADER, BODY]);
  for (let size = 1; size <= whole.length; size++) {
    const decoder = new BinaryDecoder();
    const rows: BinaryRow[] = [];
    const bytes: Buffer[] = [];
    for (let start = 0; start < whole.length; start += size) {
      const batch = decoder.push(whole.subarray(start, start + size));
      rows.push(...rowsOf(batch));
      bytes.push(batch.bytes);
    }
    decoder.end();
    expect(rows).toEqual([
      [Buffer.from('ab'), null],
      [Buffer.alloc(0), Buffer.from('c')],
    ]);
    expect(Buffer.concat(bytes).toString('hex')).toBe(ROWS);
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

test('a stream that is left early leaves a connection that goes on', async () => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  const query = "SELECT i, repeat('x', 1000) FROM generate_series(1, 20000) i";
  for await (const batch of copyRows(connection, query)) if (batch.length > 0) break;
  expect((await connection.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('a slow reader loses nothing', async () => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  let rows = 0;
  for await (const batch of copyRows(
    connection,
    "SELECT repeat('x', 9000) FROM generate_series(1, 3000) i",
  )) {
    if (rows === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    rows += batch.length;
  }
  expect(rows).toBe(3000);
});

test('a connection that is lost in the middle of the stream is an error', async () => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  await using other = await connect(database.settings);
  const { rows } = await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const read = async (): Promise<void> => {
    const query =
      'SELECT i, pg_sleep(CASE i % 1000 WHEN 0 THEN 0.2 ELSE 0 END) FROM generate_series(1, 20000) i';
    for await (const _ of copyRows(connection, query)) {
      await other.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    }
  };
  await expect(read()).rejects.toMatchObject({ code: '57P01' });
});
