import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { connect, type Connection } from '../postgres/connection.ts';
import { copyRows } from '../postgres/copy-binary.ts';
import { testDatabase } from '../testing.ts';
import { EARLIEST, formatLiteral, LATEST } from '../text/timestamp.ts';
import { auditChain, decodeChainRow } from './audit-chain.ts';
import { ChainWalk } from './chain-walk.ts';
import { linkOf, recomputeHash, type ChainRow } from './chain.ts';

const text = fc.string({ unit: 'binary', maxLength: 50 }).filter((value) => !value.includes('\0'));
const event = fc.record({
  actor: text,
  action: text,
  details: fc.option(fc.json().filter((json) => !json.includes('\\u0000'))),
  at: fc.bigInt({ min: EARLIEST, max: LATEST }),
  category: fc.constantFrom('cert_lifecycle', 'auth', 'config', null),
});
type GeneratedEvent = typeof event extends fc.Arbitrary<infer E> ? E : never;

let database: Awaited<ReturnType<typeof testDatabase>>;
let connection: Connection;

beforeAll(async () => {
  database = await testDatabase();
  connection = await connect(database.settings);
  await auditChain.install(connection);
});

afterAll(async () => {
  await connection.end();
  await database[Symbol.asyncDispose]();
});

/** Inserts events through the SQL triggers and reads the rows back; nothing stays. */
async function chainOf(events: readonly GeneratedEvent[]): Promise<{ rows: ChainRow[]; head: string }> {
  await connection.query('BEGIN');
  try {
    for (const [index, { actor, action, details, at, category }] of events.entries()) {
      await connection.query(
        `INSERT INTO audit_events (id, actor, actor_type, action, resource_type, resource_id, details, "timestamp",
           event_category) VALUES ($1, $2, 'user', $3, 'certificate', 'c-1', $4, $5, $6)`,
        [`e-${index}`, actor, action, details, formatLiteral(at), category],
      );
    }
    const rows: ChainRow[] = [];
    for await (const batch of copyRows(connection, auditChain.chainQuery)) {
      rows.push(...batch.map((read) => decodeChainRow(read.map((cell) => cell && Buffer.from(cell)))));
    }
    const head = await connection.query<{ row_hash: string }>(auditChain.headQuery);
    return { rows, head: head.rows[0]?.row_hash ?? 'none' };
  } finally {
    await connection.query('ROLLBACK');
  }
}

describe('SQL and TypeScript agree', () => {
  test.prop([fc.array(event, { maxLength: 8 })], { numRuns: 150, seed: 7 })(
    'on every hash and the head',
    async (events) => {
      const { rows, head } = await chainOf(events);
      const stored = rows.map(({ rowHash }) => rowHash.toString('latin1'));
      expect(rows.map(recomputeHash)).toEqual(stored);
      expect(walk(rows)).toEqual({ rows: events.length, tail: head, fault: null });
    },
  );
});

const EMPTY = Buffer.alloc(0);

function row(id: string, prevHash: string | null, change: Partial<ChainRow> = {}): ChainRow {
  const unhashed = {
    id: Buffer.from(id),
    actor: Buffer.from('a'),
    actorType: Buffer.from('user'),
    action: Buffer.from('auth.login'),
    resourceType: Buffer.from('session'),
    resourceId: Buffer.from('s'),
    details: null,
    timestamp: 0n,
    eventCategory: Buffer.from('auth'),
    prevHash: prevHash === null ? null : Buffer.from(prevHash),
  };
  return { ...unhashed, rowHash: Buffer.from(recomputeHash(unhashed) ?? ''), ...change };
}

function chain(length: number): ChainRow[] {
  const rows: ChainRow[] = [];
  for (let i = 0; i < length; i++) rows.push(row(`e-${i}`, rows.at(-1)?.rowHash.toString() ?? null));
  return rows;
}

function walk(rows: readonly ChainRow[]) {
  const walker = new ChainWalk();
  for (const each of rows) walker.add(linkOf(each));
  return walker.finish();
}

test('a payload hashed by hand: printf of the fields through sha256sum', () => {
  // printf '|e-0|a|user|auth.login|session|s||1970-01-01T00:00:00.000000Z|auth' | sha256sum
  expect(recomputeHash(row('e-0', null))).toBe(
    '2f186f400914eff1e269855720fdb6a163bfaa31399b4c7170b6697e43b4cc8f',
  );
});

test('an infinite timestamp has no payload and no hash', () => {
  const { rowHash: _, ...unhashed } = row('e-0', null, { timestamp: undefined });
  expect(recomputeHash(unhashed)).toBeUndefined();
});

test('a walk does not depend on the order in which rows come', () => {
  const rows = chain(7);
  const expected = { rows: 7, tail: rows.at(-1)?.rowHash.toString(), fault: null };
  expect(walk(rows)).toEqual(expected);
  expect(walk(rows.toReversed())).toEqual(expected);
  expect(walk([3, 4, 0, 6, 5, 1, 2].flatMap((i) => rows[i] ?? []))).toEqual(expected);
});

test('no rows end in the empty head', () => {
  expect(walk([])).toEqual({ rows: 0, tail: '', fault: null });
});

test.each([
  [
    'a changed hash',
    (rows: ChainRow[]) => rows.with(3, { ...row('x', null), rowHash: EMPTY }),
    'its hash is',
  ],
  ['a missing row', (rows: ChainRow[]) => rows.toSpliced(3, 1), 'no row has the hash'],
  ['a second first row', (rows: ChainRow[]) => [...rows, row('again', null)], 'a second row follows nothing'],
  [
    'a fork',
    (rows: ChainRow[]) => [...rows, row('fork', rows[2]?.rowHash.toString() ?? '')],
    'no row has the hash',
  ],
])('a walk names %s', (_, damage, words) => {
  const result = walk(damage(chain(6)));
  expect(result.fault).toContain(words);
  expect(result.tail).toBeNull();
});

test('rows missing at the end leave a chain that ends elsewhere', () => {
  const rows = chain(6);
  expect(walk(rows.slice(0, 4))).toEqual({ rows: 4, tail: rows[3]?.rowHash.toString(), fault: null });
});
