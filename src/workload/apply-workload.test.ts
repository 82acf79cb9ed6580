import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEvent, Statement, Workload } from '../case/case.ts';
import { caseFacts } from '../case/case-facts.ts';
import { drawWorkload } from '../case/draw-workload.ts';
import { drawWorkloadSwarm } from '../case/draw-workload-swarm.ts';
import { expectedEffect, type Refusal } from '../case/expected-effect.ts';
import { NOW_FROM, NOW_UNTIL } from '../case/timestamp-literals.ts';
import { connect, type Connection } from '../postgres/connection.ts';
import { copyRows } from '../postgres/copy-binary.ts';
import { auditChain, decodeChainRow } from '../subject/audit-chain.ts';
import { eventOf } from '../test-events.ts';
import { testDatabase } from '../testing.ts';
import { applyWorkload } from './apply-workload.ts';

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

async function empty(): Promise<void> {
  await connection.query(`TRUNCATE audit_events; UPDATE audit_chain_head SET row_hash = ''`);
}

/** What can be compared of one run, whether predicted or seen. */
interface Outcome {
  readonly accepted: number;
  readonly refusals: readonly Refusal[];
  /** The rows' values as text, by id. */
  readonly rows: Readonly<Record<string, readonly (string | null)[]>>;
  /** Those beyond ASCII in what is stored, each once. */
  readonly characters: readonly string[];
  readonly verifier: string;
}

function predicted(workload: Workload): Outcome {
  const { accepted, refusals, order } = expectedEffect(workload, auditChain.traits);
  const rows = accepted.map((event): [string, (string | null)[]] => {
    const { id, actor, actor_type, action, resource_type, resource_id, details, event_category } = event;
    const category = event_category === undefined ? 'cert_lifecycle' : event_category;
    const json = details === null ? null : normalised(details);
    const at = event.timestamp?.at ?? 'now';
    return [id, [actor, actor_type, action, resource_type, resource_id, json, at, category]];
  });
  const verifier = order === 'valid' ? `clean after ${accepted.length}` : 'broken';
  const characters = caseFacts(workload, auditChain.traits).characters.toSorted();
  return { accepted: accepted.length, refusals, rows: Object.fromEntries(rows), characters, verifier };
}

async function seen(workload: Workload): Promise<Outcome> {
  await empty();
  const { loaded: _, ...effect } = await applyWorkload(connection, workload, auditChain.writing);
  const givenTimes = new Set(
    expectedEffect(workload, auditChain.traits).accepted.flatMap((event) =>
      event.timestamp ? event.id : [],
    ),
  );
  const rows = new Map<string, (string | null)[]>();
  const characters = new Set<string>();
  for await (const batch of copyRows(connection, auditChain.chainQuery)) {
    for (const cells of batch) {
      const row = decodeChainRow(cells);
      for (const text of [row.id, row.actor, row.actorType, row.action, row.resourceType, row.resourceId]) {
        for (const character of text.toString()) characters.add(character);
      }
      for (const character of row.details?.toString() ?? '') characters.add(character);
      const at = givenTimes.has(row.id.toString()) ? String(row.timestamp) : nowOrThen(row.timestamp);
      rows.set(row.id.toString(), [
        ...[row.actor, row.actorType, row.action, row.resourceType, row.resourceId].map(String),
        row.details && normalised(row.details.toString()),
        at,
        row.eventCategory && row.eventCategory.toString(),
      ]);
    }
  }
  const foreign = [...characters].filter((character) => /\P{ASCII}/u.test(character)).toSorted();
  return {
    ...effect,
    rows: Object.fromEntries(rows),
    characters: foreign,
    verifier: await verified(),
  };
}

function nowOrThen(at: bigint | undefined): string {
  return at !== undefined && at >= NOW_FROM && at < NOW_UNTIL ? 'now' : String(at);
}

async function verified(): Promise<string> {
  const result = await connection.query<{ first_break_pos: number; row_count: number }>(
    auditChain.verifyQuery,
  );
  return result.rows
    .map((row) => (row.first_break_pos === -1 ? `clean after ${row.row_count}` : 'broken'))
    .join();
}

/** JSON in an order of keys and with numbers that do not depend on who wrote it. */
function normalised(json: string): string {
  return JSON.stringify(JSON.parse(json), (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

describe('the server does with a drawn workload what was expected of it', () => {
  const drawn = drawWorkloadSwarm().chain((swarm) => drawWorkload(swarm, { maxRows: 30 }));
  test.each([1, 2, 3])('seed %i', async (seed) => {
    for (const [index, one] of fc.sample(drawn, { seed, numRuns: 100 }).entries()) {
      expect(await seen(one), `workload ${index}`).toEqual(predicted(one));
    }
  });

  test('also with thousands of rows', async () => {
    const large = drawWorkloadSwarm().chain((swarm) => drawWorkload(swarm, { maxRows: 1500 }));
    for (const [index, one] of fc.sample(large, { seed: 7, numRuns: 3 }).entries()) {
      expect(await seen(one), `workload ${index}`).toEqual(predicted(one));
    }
  });
});

function oneStatement(insert: Statement['insert'], events: AuditEvent[]): Workload {
  return { transactions: [{ statements: [{ insert, events }] }] };
}

describe('of several faults in one statement', () => {
  const wrong = {
    category: { event_category: 'x' },
    long: { actor: 'x'.repeat(256) },
    json: { details: 'NaN' },
    time: { timestamp: { written: '294277-01-01 00:00:00+00' } },
    infinite: { timestamp: { written: 'infinity' } },
    nul: { event_category: 'a\0' },
    wide: { id: Array.from({ length: 1500 }, (_, index) => (index * index * 7919) % 9973).join('') },
    category_and_nul_id: { id: 'x\0', event_category: 'x' },
    long_and_json: { resource_id: 'x'.repeat(256), details: '"\\u0000"' },
    infinite_and_category: { timestamp: { written: '-infinity' }, event_category: 'x' },
  } satisfies Record<string, Partial<AuditEvent>>;
  const pairs = Object.entries(wrong).flatMap(([first, a]) =>
    Object.entries(wrong).map(([second, b]) => ({ first, second, a, b })),
  );
  test.each(['each', 'together', 'copy'] as const)(
    'the server names the expected one: %s',
    async (insert) => {
      for (const { first, second, a, b } of pairs) {
        const trial = oneStatement(insert, [eventOf('1', a), eventOf('2', b), eventOf('2')]);
        expect(await seen(trial), `${first}, then ${second}`).toEqual(predicted(trial));
      }
    },
  );
});

test('the session is afterwards what it was before, also after an error', async () => {
  const shown = async () =>
    (
      await connection.query(
        `SELECT current_setting('TimeZone') AS zone, current_setting('DateStyle') AS style`,
      )
    ).rows;
  const before = await shown();
  const session = { TimeZone: 'Asia/Tokyo', DateStyle: 'German, DMY' };
  await empty();
  await applyWorkload(connection, { session, ...oneStatement('each', [eventOf('1')]) }, auditChain.writing);
  expect(await shown()).toEqual(before);
  await connection.query('ALTER TABLE audit_events RENAME TO elsewhere');
  try {
    await expect(
      applyWorkload(connection, { session, ...oneStatement('copy', [eventOf('1')]) }, auditChain.writing),
    ).rejects.toMatchObject({
      code: '42P01',
    });
  } finally {
    await connection.query('ALTER TABLE elsewhere RENAME TO audit_events');
  }
  expect(await shown()).toEqual(before);
});

test('a connection lost in the middle is an error, not a refusal', async () => {
  const lost = await connect(database.settings);
  await connection.query(`CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
    CREATE TRIGGER hang_up BEFORE INSERT ON audit_events EXECUTE FUNCTION hang_up()`);
  try {
    const writing = applyWorkload(lost, oneStatement('each', [eventOf('1')]), auditChain.writing);
    await expect(writing).rejects.toMatchObject({ code: '57P01' });
  } finally {
    await connection.query('DROP FUNCTION hang_up CASCADE');
    await lost.end().catch(() => undefined);
  }
});

test('no rows and no statements do nothing', async () => {
  await empty();
  const nothing = { accepted: 0, refusals: [], loaded: 0 };
  expect(await applyWorkload(connection, { transactions: [] }, auditChain.writing)).toEqual(nothing);
  expect(await applyWorkload(connection, { transactions: [{ statements: [] }] }, auditChain.writing)).toEqual(
    nothing,
  );
  for (const insert of ['each', 'together', 'copy'] as const) {
    expect(await applyWorkload(connection, oneStatement(insert, []), auditChain.writing)).toEqual(nothing);
  }
});
