import { afterEach, beforeEach, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { connect, type Connection } from '../postgres/connection.ts';
import { testDatabase } from '../testing.ts';
import { auditChain } from './audit-chain.ts';
import { requireSubject } from './require-subject.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let connection: Connection;

beforeEach(async () => {
  database = await testDatabase();
  connection = await connect(database.settings);
});

afterEach(async () => {
  await connection.end();
  await database[Symbol.asyncDispose]();
});

async function refused(): Promise<UsageError> {
  const error: unknown = await requireSubject(connection, auditChain).catch((thrown: unknown) => thrown);
  if (!(error instanceof UsageError)) throw new Error(`no UsageError: ${String(error)}`);
  return error;
}

test('the built-in subject is one', async () => {
  await auditChain.install(connection);
  await expect(requireSubject(connection, auditChain)).resolves.toBeUndefined();
});

test('an empty database is none', async () => {
  const error = await refused();
  expect(error.message).toBe(
    `the database ${database.settings.database} is not the subject: ` +
      'it has no table audit_events, no table audit_chain_head, no function audit_events_verify_chain()',
  );
  expect(error.why).toBe('names are looked up in the search_path "$user", public');
  expect(error.next).toContain('name a database with the audit trail');
});

test('all that is missing is listed', async () => {
  await auditChain.install(connection);
  await connection.query(`ALTER TABLE audit_events DROP COLUMN details, DROP COLUMN "timestamp";
    ALTER TABLE audit_events RENAME prev_hash TO previous_hash;
    ALTER TABLE audit_chain_head RENAME row_hash TO hash;
    ALTER FUNCTION audit_events_verify_chain() RENAME TO verify;`);
  const [, list] = (await refused()).message.split('it has ');
  expect(list?.split(', ').sort()).toEqual([
    'no column audit_chain_head.row_hash',
    'no column audit_events.details',
    'no column audit_events.prev_hash',
    'no column audit_events.timestamp',
    'no function audit_events_verify_chain()',
  ]);
});

test('a verifier that wants arguments, and a view, do not count', async () => {
  await auditChain.install(connection);
  await connection.query(`ALTER TABLE audit_events RENAME TO events; CREATE VIEW audit_events AS SELECT * FROM events;
    DROP FUNCTION audit_events_verify_chain(); CREATE FUNCTION audit_events_verify_chain(int) RETURNS int LANGUAGE sql AS 'SELECT 1';`);
  expect((await refused()).message).toMatch(
    /it has no table audit_events, no function audit_events_verify_chain\(\)$/,
  );
});

test('names are looked up by search_path, and a subject out of its reach is pointed at', async () => {
  await connection.query('CREATE SCHEMA "my app"; SET search_path = "my app", public');
  await auditChain.install(connection);
  await expect(requireSubject(connection, auditChain)).resolves.toBeUndefined();
  await connection.query('SET search_path = public');
  expect((await refused()).next).toContain('there is a table audit_events in the schema "my app"');
});
