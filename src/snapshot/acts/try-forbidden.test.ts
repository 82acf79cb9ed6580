import { expect, test } from 'vitest';
import { connect } from '../../postgres/connection.ts';
import { auditChain } from '../../subject/audit-chain.ts';
import { hardened } from '../../subject/hardened.ts';
import type { Subject } from '../../subject/subject.ts';
import { subjectDatabase, testDatabase } from '../../testing.ts';
import { tryForbidden } from './try-forbidden.ts';

/** What came of the acts, in words, after some SQL. */
async function tried(subject: Subject, empty: 'filled' | 'left', ...statements: string[]) {
  await using database = await subjectDatabase(subject);
  await using connection = await connect(database.settings);
  for (const sql of statements) await connection.query(sql);
  const count = (): Promise<unknown> =>
    connection.query(subject.countQuery).then(
      ({ rows }) => rows,
      (error: unknown) => error,
    );
  const before = await count();
  const acts = await tryForbidden(connection, subject, empty);
  expect(await count()).toEqual(before);
  if ('untried' in acts) return acts.untried;
  return Object.values(acts).map((end) =>
    typeof end === 'string' ? end : `${end.sqlstate} ${end.by} ${end.raised}`,
  );
}

const EVENT = auditChain.appendQuery;
const BY_TRIGGER = 'P0001 audit_events_worm true';

test.each<[string, string[], string[]]>([
  ['as it is', [EVENT], [BY_TRIGGER, BY_TRIGGER, 'allowed']],
  ['without events', [], [BY_TRIGGER, BY_TRIGGER, 'allowed']],
  ['disabled', [EVENT, 'ALTER TABLE audit_events DISABLE TRIGGER USER'], ['allowed', 'allowed', 'allowed']],
  [
    'swallowing',
    [EVENT, 'CREATE RULE quiet AS ON UPDATE TO audit_events DO INSTEAD NOTHING'],
    ['ignored', BY_TRIGGER, 'allowed'],
  ],
  [
    'failing',
    [
      EVENT,
      `CREATE SCHEMA "Ä b"; SET search_path = public, "Ä b";
        CREATE FUNCTION "Ä b"."log ""it""(x"() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN INSERT INTO nowhere VALUES (1); END $$;
        CREATE TRIGGER a_first BEFORE UPDATE OR TRUNCATE ON audit_events
          EXECUTE FUNCTION "Ä b"."log ""it""(x"()`,
    ],
    ['42P01 "log ""it""(x" false', BY_TRIGGER, '42P01 "log ""it""(x" false'],
  ],
  [
    'gone with its table',
    [EVENT, 'DROP TABLE audit_events'],
    Array(3).fill('42P01 undefined false') as string[],
  ],
])('how events are guarded: %s', async (_, statements, ends) => {
  expect(await tried(auditChain, 'filled', ...statements)).toEqual(ends);
});

test('an id that cannot be read is no obstacle', async () => {
  await using database = await testDatabase(`TEMPLATE template0 ENCODING 'WIN1252' LOCALE 'C'`);
  await using connection = await connect(database.settings);
  await auditChain.install(connection);
  await connection.query(
    EVENT.replace(`'zzzz-restoreproof-append'`, `E'\\201'`).replace(/RETURNING[^]*/, ''),
  );
  expect(await tryForbidden(connection, auditChain, 'left')).toMatchObject({ UPDATE: { sqlstate: 'P0001' } });
});

test('the hardened subject refuses all three; an empty table that is left so is not tried', async () => {
  const by = 'P0001 audit_log_refuse true';
  expect(await tried(hardened, 'filled')).toEqual([by, by, by]);
  expect(await tried(hardened, 'left')).toBe('there is no event to change');
});

test('what is about the statement is thrown where it is about the server', async () => {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  await auditChain.install(connection);
  await connection.query(EVENT);
  await connection.query(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN PERFORM pg_sleep(60); END $$;
    CREATE TRIGGER a_slow BEFORE UPDATE ON audit_events EXECUTE FUNCTION slow();
    SET statement_timeout = '100ms'`);
  await expect(tryForbidden(connection, auditChain, 'left')).rejects.toMatchObject({ code: '57014' });
});
