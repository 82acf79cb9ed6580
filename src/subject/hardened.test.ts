import { fc, test } from '@fast-check/vitest';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { connect, type Connection } from '../postgres/connection.ts';
import {
  BinaryDecoder,
  COPY_HEADER,
  COPY_TRAILER,
  copyRows,
  encodeRow,
  type BinaryRow,
} from '../postgres/copy-binary.ts';
import { testDatabase } from '../testing.ts';
import { EARLIEST, formatLiteral, LATEST } from '../text/timestamp.ts';
import { hardened } from './hardened.ts';

const text = fc.string({ unit: 'binary', maxLength: 50 }).filter((value) => !value.includes('\0'));
const event = fc.record({
  who: text,
  deed: text,
  details: fc.option(fc.json().filter((json) => !json.includes('\\u0000'))),
  at: fc.oneof(
    fc.bigInt({ min: EARLIEST, max: LATEST }).map(formatLiteral),
    fc.constantFrom('infinity', '-infinity'),
  ),
  category: fc.constantFrom('cert_lifecycle', 'auth', 'config', null),
});
type GeneratedEvent = typeof event extends fc.Arbitrary<infer E> ? E : never;

let database: Awaited<ReturnType<typeof testDatabase>>;
let connection: Connection;

beforeAll(async () => {
  database = await testDatabase();
  connection = await connect(database.settings);
  await hardened.install(connection);
});

afterAll(async () => {
  await connection.end();
  await database[Symbol.asyncDispose]();
});

/** Work on a chain of these events; nothing stays. */
async function withChain<T>(events: readonly GeneratedEvent[], work: () => Promise<T>): Promise<T> {
  await connection.query('BEGIN');
  try {
    for (const [index, { who, deed, details, at, category }] of events.entries()) {
      await connection.query(
        `INSERT INTO audit_log (event_id, who, who_kind, deed, object_kind, object_id, details, happened_at, category)
         VALUES ($1, $2, 'user', $3, 'certificate', 'c-1', $4, $5, $6)`,
        [`e-${index}`, who, deed, details, at, category],
      );
    }
    return await work();
  } finally {
    await connection.query('ROLLBACK');
  }
}

async function chainRows(): Promise<BinaryRow[]> {
  const rows: BinaryRow[] = [];
  for await (const batch of copyRows(connection, hardened.chainQuery)) {
    rows.push(...batch.map((row) => row.map((cell) => cell && Buffer.from(cell))));
  }
  return rows;
}

function walked(rows: readonly BinaryRow[]) {
  const walk = hardened.newChainWalk();
  const decoder = new BinaryDecoder();
  walk.add(decoder.push(Buffer.concat([COPY_HEADER, ...rows.map(encodeRow), COPY_TRAILER])));
  return walk.finish();
}

async function asked(query: string): Promise<unknown> {
  return (await connection.query<unknown[]>({ text: query, rowMode: 'array' })).rows[0];
}

const CLEAN = (rows: number) => [null, -1, rows];

describe('SQL and TypeScript agree', () => {
  test.prop([fc.array(event, { maxLength: 8 })], { numRuns: 100, seed: 7 })(
    'on every hash and the head, and the verifier says clean',
    async (events) => {
      await withChain(events, async () => {
        const [head] = (await asked(hardened.headQuery)) as [string];
        expect(walked(await chainRows())).toEqual({ rows: events.length, tail: head, fault: null });
        expect(await asked(hardened.verifyQuery)).toEqual(CLEAN(events.length));
      });
    },
  );
});

const plain: GeneratedEvent = { who: 'a', deed: 'b', details: null, at: 'infinity', category: null };

test('a payload put together by hand', async () => {
  await withChain([plain], async () => {
    const nothing = '00000000';
    const field = (word: string): string =>
      word.length.toString(16).padStart(8, '0') + Buffer.from(word).toString('hex');
    const payload = [
      nothing,
      '0000000000000001',
      ...['e-0', 'a', 'user', 'b', 'certificate', 'c-1'].map(field),
      'ffffffff',
      '7fffffffffffffff',
      'ffffffff',
    ].join('');
    const hash = createHash('sha256').update(Buffer.from(payload, 'hex')).digest('hex');
    expect(await asked(hardened.headQuery)).toEqual([hash]);
  });
});

test('what the first subject cannot tell apart has different hashes', async () => {
  const hashes = new Set<unknown>();
  const events: Partial<GeneratedEvent>[] = [
    { who: 'a|b', deed: 'c' },
    { who: 'a', deed: 'b|c' },
    { at: '0044-03-15 12:00+00 BC' },
    { at: '0044-03-15 12:00+00' },
    { at: 'infinity' },
    { at: '-infinity' },
  ];
  for (const change of events) {
    await withChain([{ ...plain, ...change }], async () => hashes.add(await asked(hardened.headQuery)));
  }
  expect(hashes.size).toBe(new Set(events).size);
});

describe('the verifier tells', () => {
  const past = 'ALTER TABLE audit_log DISABLE TRIGGER USER';
  test.each([
    ['a table that was emptied', 'DELETE FROM audit_log', [null, 0, 0]],
    ['rows that are missing at the end', 'DELETE FROM audit_log WHERE seq = 3', [null, 1, 2]],
    ['a row that is missing in the middle', 'DELETE FROM audit_log WHERE seq = 2', ['3', 1, 2]],
    ['a head of another count', 'UPDATE audit_log_head SET events = 4', [null, 2, 3]],
    ['a head of another row', `UPDATE audit_log_head SET entry_hash = '\\x00'`, [null, 2, 3]],
    ['a head that is gone', 'DELETE FROM audit_log_head', [null, 2, 3]],
    ['a changed field', `UPDATE audit_log SET category = 'auth' WHERE seq = 1`, ['1', 0, 1]],
    ['a changed hash', `UPDATE audit_log SET entry_hash = '' WHERE seq = 2`, ['2', 1, 2]],
  ])('%s', async (_, damage, answer) => {
    await withChain([plain, plain, plain], async () => {
      await connection.query(`${past}; ${damage}`);
      expect(await asked(hardened.verifyQuery)).toEqual(answer);
    });
  });

  test('all of it under any search_path', async () => {
    await withChain([plain, plain], async () => {
      await connection.query(`SET LOCAL search_path = ''`);
      expect(await asked(hardened.verifyQuery)).toEqual(CLEAN(2));
    });
  });
});

describe('the triggers refuse', () => {
  test.each([
    ['a change', 'UPDATE audit_log SET who = who', /append-only: UPDATE/],
    ['a deletion', 'DELETE FROM audit_log', /append-only: DELETE/],
    ['TRUNCATE', 'TRUNCATE audit_log', /append-only: TRUNCATE/],
    ['the same asleep', 'SET LOCAL session_replication_role = replica; DELETE FROM audit_log', /append-only/],
    [
      'a row with a hash',
      `INSERT INTO audit_log SELECT * FROM audit_log`,
      /numbers and hashes its rows itself/,
    ],
    [
      'a row without a head',
      `DELETE FROM audit_log_head; INSERT INTO audit_log (event_id) VALUES ('x')`,
      /has lost its row/,
    ],
  ])('%s', async (_, sql, words) => {
    await withChain([plain], async () => {
      await expect(connection.query(sql)).rejects.toThrow(words);
    });
  });
});
