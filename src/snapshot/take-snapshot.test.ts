import { expect, test } from 'vitest';
import { connect } from '../postgres/connection.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { testDatabase } from '../testing.ts';
import type { Snapshot } from './snapshot.ts';
import { readTrail, type TrailRow } from './row-trail.ts';
import { snapshotJson } from './snapshot-file.ts';
import { readTableRows } from './table-rows.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** A snapshot of a database of its own, after some SQL; the text of one event is given as bytes of that database. */
async function snapshotOf(createOptions: string, ...statements: string[]): Promise<Snapshot> {
  await using database = await testDatabase(createOptions);
  await using connection = await connect(database.settings);
  await auditChain.install(connection);
  for (const sql of statements) await connection.query(sql);
  return await takeSnapshot(connection, { phase: 'source', subject: auditChain, trailFile: '/nowhere' });
}

const EVENT = (actor: string): string =>
  `INSERT INTO audit_events (id, actor, actor_type, action, resource_type, resource_id, "timestamp")
   VALUES ('e-1', ${actor}, 'user', 'auth.login', 'session', 's', '2026-01-01 00:00:00+00')`;
const IN = (encoding: string): string => `TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`;

function eventsOf(snapshot: Snapshot) {
  return snapshot.tables.find(({ name }) => name === 'public.audit_events');
}

/** A small table's trail, which is in memory. */
async function trailOf({ trail, tables }: Snapshot, name: string): Promise<TrailRow[]> {
  const table = tables.find((each) => each.name === name);
  if (!trail || !table) throw new Error(`no trail of ${name}`);
  const rows: TrailRow[] = [];
  for await (const row of readTrail(trail, table.trail_from, table.trail_to)) rows.push(row);
  return rows;
}

test('rows read as UTF-8 have one digest in every encoding, and the chain is recomputed in its own', async () => {
  const [utf8, latin1] = [
    await snapshotOf(IN('UTF8'), EVENT(`U&'\\00e9'`)),
    await snapshotOf(IN('LATIN1'), EVENT(`'é'`)),
  ];
  expect(utf8.recomputed).toMatchObject({ rows: 1, fault: null, tail: utf8.chain_head_hash });
  expect(latin1.recomputed).toMatchObject({ rows: 1, fault: null, tail: latin1.chain_head_hash });
  // The hash covers other bytes, so the stored hashes differ and with them the digests; the actor does not.
  expect(latin1.chain_head_hash).not.toBe(utf8.chain_head_hash);
  const actors = await Promise.all(
    [utf8, latin1].map(async (snapshot) => (await trailOf(snapshot, 'public.audit_events'))[0]?.cells[1]),
  );
  expect(actors[0]).toBe(actors[1]);
  expect(actors[0]).toBeTypeOf('number');
});

test('SQL_ASCII is read as the bytes that it holds', async () => {
  const snapshot = await snapshotOf(IN('SQL_ASCII'), EVENT(`E'\\351'`));
  expect(snapshot.errors).toEqual([]);
  expect(snapshot.row_count).toBe(1);
  expect(snapshot.recomputed).toMatchObject({ fault: null, tail: snapshot.chain_head_hash });
});

test('a table with bytes that are no character is unreadable, and the others are read', async () => {
  // 0x81 is no character of Windows-1252; the server takes it all the same.
  const snapshot = await snapshotOf(IN('WIN1252'), EVENT(`E'\\201'`));
  expect(eventsOf(snapshot)).toMatchObject({
    rows: 1,
    digest: null,
    unreadable: { sqlstate: '22P05', message: expect.stringContaining('0x81') },
  });
  expect(snapshot.errors).toEqual([]);
  const head = snapshot.tables.find(({ name }) => name === 'public.audit_chain_head');
  expect(head?.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(await trailOf(snapshot, 'public.audit_chain_head')).toHaveLength(1);
  expect(await trailOf(snapshot, 'public.audit_events')).toEqual([]);
  expect(snapshot.catalog.length).toBeGreaterThan(20);
});

test.each([
  ['a statement that is cancelled', 'sleepers', '57014'],
  ['a table that is gone', 'nowhere', '42P01'],
])('%s is no table that cannot be read', async (_, name, code) => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  await connection.query('CREATE VIEW sleepers AS SELECT pg_sleep(60)::text AS slept');
  await connection.query("BEGIN; SAVEPOINT unread; SET LOCAL statement_timeout = '100ms'");
  const shape = { name, columns: [{ name: 'slept', type: 'text', as_text: false }], primaryKey: [] };
  const reading = readTableRows(connection, shape, { keepValues: false, serverEncoding: 'UTF8' });
  await expect(reading).rejects.toMatchObject({ code });
});

test('what the database refuses to say is recorded, and the rest is read', async () => {
  const snapshot = await snapshotOf(
    '',
    EVENT(`'a'`),
    'DROP FUNCTION audit_events_verify_chain()',
    'DROP TABLE audit_chain_head',
  );
  expect(snapshot.errors.map(({ field, sqlstate }) => `${field} ${sqlstate}`)).toEqual([
    'verifier 42883',
    'chain_head_hash 42P01',
  ]);
  expect(snapshot).toMatchObject({ row_count: 1, verifier_walked: null, chain_head_hash: null });
  expect(eventsOf(snapshot)?.rows).toBe(1);
});

test('it is one moment: what is committed while it is taken is not in it', async () => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  await auditChain.install(connection);
  await using other = await connect(database.settings);
  const [snapshot] = await Promise.all([
    takeSnapshot(connection, { phase: 'source', subject: auditChain }),
    other.query(EVENT(`'a'`)),
  ]);
  expect(snapshot.row_count).toBe(eventsOf(snapshot)?.rows);
  expect(snapshot.recomputed?.rows).toBe(snapshot.row_count);
});

test('reading leaves no transaction open and writes nothing', async () => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  await auditChain.install(connection);
  await takeSnapshot(connection, { phase: 'source', subject: auditChain });
  const { rows } = await connection.query(
    "SELECT now() = statement_timestamp() AS alone, current_setting('client_encoding') AS encoding, current_setting('search_path') AS path",
  );
  expect(rows).toEqual([{ alone: true, encoding: 'UTF8', path: '"$user", public' }]);
});

test('values of a table without a key and secrets of user mappings are not in the file', async () => {
  const snapshot = await snapshotOf(
    '',
    `CREATE TABLE notes (body text)`,
    `INSERT INTO notes VALUES ('top secret')`,
    `CREATE FOREIGN DATA WRAPPER far; CREATE SERVER there FOREIGN DATA WRAPPER far`,
    `CREATE USER MAPPING FOR CURRENT_USER SERVER there OPTIONS (password 'hunter2')`,
  );
  const text = snapshotJson(snapshot);
  expect((await trailOf(snapshot, 'public.notes'))[0]?.key).toMatch(/^row [0-9a-f]{12}$/);
  expect(text).toContain('password=md5:');
  expect(text).not.toMatch(/top secret|hunter2/);
});
