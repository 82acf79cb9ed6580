import { beforeEach, afterEach, expect, test } from 'vitest';
import { fixedCycle } from '../case/smoke-case.ts';
import { connect, type Connection } from '../postgres/connection.ts';
import { testDatabase } from '../testing.ts';
import { auditChain } from './audit-chain.ts';
import { hardened } from './hardened.ts';
import { loadChain } from './load-chain.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let connection: Connection;

beforeEach(async () => {
  database = await testDatabase();
  connection = await connect(database.settings);
  await auditChain.install(connection);
});

afterEach(async () => {
  await connection.end();
  await database[Symbol.asyncDispose]();
});

async function head(): Promise<unknown> {
  return (await connection.query('SELECT row_hash FROM audit_chain_head')).rows;
}

async function verified(): Promise<unknown> {
  return (await connection.query(auditChain.verifyQuery)).rows;
}

// The head that the triggers give the fixed cycle, in every version.
const HEAD_OF_24 = '6bc51000158159c2baa4d08d531b89c3698765ca27ce49933932eaa95e767eec';

test('24 rows of the fixed cycle have the head that the triggers give, and later events chain to it', async () => {
  expect(await loadChain(connection, auditChain, fixedCycle(24))).toBe(24);
  expect(await head()).toEqual([{ row_hash: HEAD_OF_24 }]);
  expect(await verified()).toEqual([{ first_break_id: null, first_break_pos: -1, row_count: 24 }]);
  await connection.query(auditChain.appendQuery);
  expect(await verified()).toEqual([{ first_break_id: null, first_break_pos: -1, row_count: 25 }]);
});

test('the owner of the table may, too, and its triggers are afterwards as they were', async () => {
  const states = async () =>
    (
      await connection.query(
        `SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname`,
      )
    ).rows;
  await connection.query(`
    CREATE TRIGGER asleep BEFORE INSERT ON audit_events EXECUTE FUNCTION audit_events_worm();
    ALTER TABLE audit_events DISABLE TRIGGER asleep;
    ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_worm_trigger;
    CREATE TRIGGER replica BEFORE INSERT ON audit_events EXECUTE FUNCTION audit_events_worm();
    ALTER TABLE audit_events ENABLE REPLICA TRIGGER replica;
    CREATE ROLE ${database.settings.database}_owner;
    ALTER TABLE audit_events OWNER TO ${database.settings.database}_owner;
    ALTER TABLE audit_chain_head OWNER TO ${database.settings.database}_owner;
    GRANT ALL ON SCHEMA public TO ${database.settings.database}_owner;`);
  const before = await states();
  await connection.query(`SET ROLE ${database.settings.database}_owner`);
  await loadChain(connection, auditChain, fixedCycle(24));
  await connection.query('RESET ROLE');
  expect(await head()).toEqual([{ row_hash: HEAD_OF_24 }]);
  expect(await states()).toEqual(before);
  await connection.query(`DROP OWNED BY ${database.settings.database}_owner CASCADE`);
  await connection.query(`DROP ROLE ${database.settings.database}_owner`);
});

test('a trail with events, another encoding and a subject that has no way to are refused; nothing is left', async () => {
  await connection.query(auditChain.appendQuery);
  const more = loadChain(connection, auditChain, fixedCycle(3));
  await expect(more).rejects.toMatchObject({ exitCode: 2, why: 'there are events already' });
  await expect(loadChain(connection, hardened, fixedCycle(3))).rejects.toMatchObject({ exitCode: 2 });
  await using latin1 = await testDatabase(`TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`);
  await using other = await connect(latin1.settings);
  await auditChain.install(other);
  const elsewhere = loadChain(other, auditChain, fixedCycle(3));
  await expect(elsewhere).rejects.toMatchObject({ exitCode: 2, why: 'its encoding is LATIN1' });
});

test('an event that the table refuses undoes all, and the triggers fire again', async () => {
  const [event] = fixedCycle(1);
  if (!event) throw new Error('there is one');
  const wrong = [event, { ...event, id: 'another', event_category: 'none' }];
  await expect(loadChain(connection, auditChain, wrong)).rejects.toMatchObject({ code: '23514' });
  expect(await head()).toEqual([{ row_hash: '' }]);
  await connection.query(auditChain.appendQuery);
  expect(await verified()).toEqual([{ first_break_id: null, first_break_pos: -1, row_count: 1 }]);
});
