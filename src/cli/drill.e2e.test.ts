import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { smokeCase } from '../case/smoke-case.ts';
import { connect, libpqEnvironment, type ConnectionSettings } from '../postgres/connection.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { testDatabase, testTools } from '../testing.ts';
import { applyWorkload } from '../workload/apply-workload.ts';
import { home, sharedUrl, type Home } from './test-program.ts';

type Database = Awaited<ReturnType<typeof testDatabase>>;

let at: Home;
let source: Database;
let restored: Database;

// An operator's own drill: a snapshot, a dump and a restore by hand.
beforeAll(async () => {
  at = await home();
  source = await testDatabase();
  restored = await testDatabase();
  await using connection = await connect(source.settings);
  await auditChain.install(connection);
  await applyWorkload(connection, smokeCase().workload, auditChain.writing);
  await copyByHand(source.settings, restored.settings);
  await at.run(['snapshot', '--url', urlOf(source), '--out', 'base.json']);
});

afterAll(async () => {
  await restored[Symbol.asyncDispose]();
  await source[Symbol.asyncDispose]();
  await at[Symbol.asyncDispose]();
});

async function copyByHand(from: ConnectionSettings, to: ConnectionSettings): Promise<void> {
  const file = join(at.directory, 'by-hand.dump');
  const dump = await testTools().run('pg_dump', ['-Fc', '-f', file], { environment: libpqEnvironment(from) });
  const options = ['--exit-on-error', '-d', to.database, file];
  const restore = await testTools().run('pg_restore', options, { environment: libpqEnvironment(to) });
  expect([dump.exitCode, restore.exitCode]).toEqual([0, 0]);
}

function urlOf({ settings }: Database): string {
  return sharedUrl(settings.database);
}

async function query({ settings }: Database, sql: string): Promise<unknown[]> {
  await using connection = await connect(settings);
  return (await connection.query({ text: sql, rowMode: 'array' })).rows as unknown[];
}

/** Rows with the transactions that wrote them, catalog entries likewise: any write shows. */
function stateOf(database: Database): Promise<unknown[]> {
  return query(
    database,
    `SELECT (SELECT md5(string_agg(e.xmin || e::text, ',' ORDER BY id)) FROM audit_events e),
      (SELECT h.xmin || h::text FROM audit_chain_head h),
      (SELECT md5(string_agg(c.xmin || c.relname, ',' ORDER BY oid)) FROM pg_class c),
      (SELECT md5(string_agg(p.xmin || p.proname, ',' ORDER BY oid)) FROM pg_proc p),
      (SELECT md5(string_agg(t.xmin || t.tgname || t.tgenabled::text, ',' ORDER BY oid)) FROM pg_trigger t)`,
  );
}

const LEFT_OUT = ['append-continues', 'worm-enforced', 'tamper-seen', 'second-dump-equal'];

test('a snapshot before and a verification after a restore by hand, and neither database is written to', async () => {
  const before = [await stateOf(source), await stateOf(restored)];
  const taken = await at.run(['snapshot', '--url', urlOf(source), '--out', 'pre.json']);
  expect(taken).toEqual({
    exitCode: 0,
    err: [],
    out: [
      expect.stringMatching(/^server {6}PostgreSQL \d+\.\d+.*, UTF8, /),
      expect.stringMatching(/^taken at {4}\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      'events      24',
      'chain head  6bc51000158159c2baa4d08d531b89c3698765ca27ce49933932eaa95e767eec',
      'verifier    clean, 24 walked',
      'recomputed  6bc51000158159c2baa4d08d531b89c3698765ca27ce49933932eaa95e767eec',
      expect.stringMatching(/^tables {6}2 with 25 rows; \d+ catalog objects$/),
      'written to pre.json',
    ],
  });
  const verified = await at.run(['verify', '--url', urlOf(restored), '--against', 'pre.json']);
  expect(verified).toMatchObject({ exitCode: 0, err: [] });
  expect(verified.out[0]).toMatch(
    /^PASS {2}rows=24 {2}chain_head=6bc51000… {2}against pre\.json of \d{4}-.*Z$/,
  );
  const outcomes = verified.out.slice(1).map((line) => [line.slice(2, 11).trim(), line.slice(12, 30).trim()]);
  expect(outcomes.filter(([outcome]) => outcome !== 'held')).toEqual(LEFT_OUT.map((id) => ['left out', id]));
  expect(outcomes).toHaveLength(11);
  expect([await stateOf(source), await stateOf(restored)]).toEqual(before);
  expect(await at.leftovers()).toEqual([]);
});

// The role is new in PostgreSQL 14.
test.skipIf(Number.parseInt(inject('server').version, 10) < 14)(
  'a role that may only read is enough for both',
  async () => {
    await query(source, `CREATE ROLE cli_reader LOGIN IN ROLE pg_read_all_data`);
    const as = (database: Database): string => urlOf(database).replace(/\/\/[^@]*@/, '//cli_reader@');
    const taken = await at.run(['snapshot', '--url', as(source), '--out', 'reader.json']);
    expect(taken).toMatchObject({ exitCode: 0, err: [] });
    const verified = await at.run(['verify', '--url', as(restored), '--against', 'reader.json']);
    expect(verified).toMatchObject({ exitCode: 0, err: [] });
    await query(source, 'DROP ROLE cli_reader');
  },
);

describe('a fault in the restored database is found and named', () => {
  test('one microsecond, changed behind the triggers', async () => {
    await using faulty = await testDatabase();
    await copyByHand(source.settings, faulty.settings);
    await query(
      faulty,
      `SET session_replication_role = replica;
       UPDATE audit_events SET "timestamp" = "timestamp" + interval '1 microsecond' WHERE id = 'audit-000007'`,
    );
    const { exitCode, out, err } = await at.run(['verify', '--url', urlOf(faulty), '--against', 'base.json']);
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: [] });
    expect(out[0]).toMatch(/^FAIL {2}lossy {2}against base\.json of /);
    const at7 = out.findIndex((line) => line.includes(' row-bytes '));
    expect(out.slice(at7, at7 + 3)).toEqual([
      '  FAILED    row-bytes          table public.audit_events: row 7 ("audit-000007"): column timestamp differs',
      expect.stringMatching(/^ {31}source: {3}digest [0-9a-f]{64}$/),
      expect.stringMatching(/^ {31}restored: digest [0-9a-f]{64}$/),
    ]);
    expect(
      out.filter((line) => line.startsWith('  FAILED ')).map((line) => line.slice(12, 30).trim()),
    ).toEqual(['verify-clean', 'verify-walked', 'row-bytes', 'chain-recomputed']);
  });

  test('a grant that is gone, unless it is exempt', async () => {
    await using poor = await testDatabase();
    await query(source, 'GRANT SELECT ON audit_events TO PUBLIC');
    await at.run(['snapshot', '--url', urlOf(source), '--out', 'grant.json']);
    await copyByHand(source.settings, poor.settings);
    await query(source, 'REVOKE ALL ON audit_events FROM PUBLIC');
    await query(poor, 'REVOKE ALL ON audit_events FROM PUBLIC');
    const verify = ['verify', '--url', urlOf(poor), '--against', 'grant.json'];
    const found = await at.run(verify);
    expect(found).toMatchObject({ exitCode: 1, err: [] });
    expect(found.out[0]).toMatch(/^FAIL {2}drifted /);
    expect(found.out.find((line) => line.startsWith('  FAILED '))).toMatch(/ schema .*grant.*audit_events/);
    const exempted = await at.run([...verify, '--exempt', 'owner', 'grant']);
    expect(exempted).toMatchObject({ exitCode: 0, err: [] });
    expect(exempted.out.find((line) => line.includes(' schema '))).toMatch(/; not compared: owner, grant$/);
  });
});

describe('of 20,000 rows the one that differs is named', () => {
  let before: Database;
  let after: Database;

  beforeAll(async () => {
    before = await testDatabase(`TEMPLATE ${source.settings.database}`);
    await query(
      before,
      `CREATE TABLE large (id text PRIMARY KEY, n int);
       INSERT INTO large SELECT 'k' || lpad(i::text, 5, '0'), i FROM generate_series(1, 20000) i`,
    );
    after = await testDatabase(`TEMPLATE ${before.settings.database}`);
    const taken = await at.run(['snapshot', '--url', urlOf(before), '--out', 'large.json']);
    expect(taken.out.at(-1)).toBe('written to large.json and large.json.rows');
  });

  afterAll(async () => {
    await after[Symbol.asyncDispose]();
    await before[Symbol.asyncDispose]();
  });

  test.each([
    [
      `UPDATE large SET n = 0 WHERE id = 'k09000'`,
      `UPDATE large SET n = 9000 WHERE id = 'k09000'`,
      'row 9000 ("k09000"): column n differs',
    ],
    [
      `DELETE FROM large WHERE id = 'k09000'`,
      `INSERT INTO large VALUES ('k09000', 9000)`,
      'row 9000 ("k09000") is missing',
    ],
    [
      `INSERT INTO large VALUES ('k08999+', 0)`,
      `DELETE FROM large WHERE id = 'k08999+'`,
      'row 9000 ("k08999+") was not there before',
    ],
  ])('%s', async (change, undo, words) => {
    await query(after, change);
    const verified = await at.run(['verify', '--url', urlOf(after), '--against', 'large.json']);
    await query(after, undo);
    expect(verified).toMatchObject({ exitCode: 1, err: [] });
    expect(verified.out[1 + 4]).toBe(`  FAILED    row-bytes          table public.large: ${words}`);
  });

  test('not without the file of rows, or with that of another snapshot; and a difference is one all the same', async () => {
    await query(after, `UPDATE large SET n = 0 WHERE id = 'k09000'`);
    const rows = join(at.directory, 'large.json.rows');
    for (const spoil of [() => writeFileSync(rows, 'another'), () => rmSync(rows)]) {
      spoil();
      const verified = await at.run(['verify', '--url', urlOf(after), '--against', 'large.json']);
      expect(verified.exitCode).toBe(1);
      expect(verified.err).toEqual([
        expect.stringMatching(/^large\.json\.rows is not there, or belongs to /),
      ]);
      expect(verified.out[1 + 4]).toContain(
        'table public.large: the bytes differ; in which row is not known',
      );
    }
    expect(await at.leftovers()).toEqual([]);
  });
});

test('a backup of a chain that was broken before it proves nothing', async () => {
  await using broken = await testDatabase();
  await using copy = await testDatabase();
  await copyByHand(source.settings, broken.settings);
  const change = `UPDATE audit_events SET actor = 'x' WHERE id = 'audit-000007'`;
  await query(
    broken,
    `ALTER TABLE audit_events DISABLE TRIGGER USER; ${change}; ALTER TABLE audit_events ENABLE TRIGGER USER`,
  );
  await copyByHand(broken.settings, copy.settings);
  const taken = await at.run(['snapshot', '--url', urlOf(broken), '--out', 'broken.json']);
  expect(taken.err.join('\n')).toContain('the chain does not verify here');
  const verified = await at.run(['verify', '--url', urlOf(copy), '--against', 'broken.json']);
  expect(verified.exitCode).toBe(1);
  expect(verified.out[0]).toContain('FAIL  source-invalid: the chain did not verify before the backup');
});

describe.concurrent('input that cannot be used ends with 2, one clear line and a hint', () => {
  const next = '  next: make one with `restoreproof snapshot --url … --out FILE`';

  test.each<[string, string | undefined, string, RegExp]>([
    ['missing', undefined, 'the snapshot FILE cannot be read', /there is no such file/],
    ['cut short', '{"format": "restoreproof.snapsh', 'FILE is not JSON', /cut short/],
    ['binary', 'PGDMP\0\x01', 'FILE is not JSON', /binary data/],
    ['empty', '', 'FILE is not JSON', /the file is empty/],
    ['nothing', '{}', 'FILE is not a snapshot (restoreproof.snapshot/v1)', /format is none of "restoreproof/],
    [
      'of another kind',
      '{"name": "x"}',
      'FILE is not a snapshot (restoreproof.snapshot/v1)',
      /^ {2}why: {2}format is none of "restoreproof/,
    ],
    [
      'damaged',
      'TABLES',
      'FILE is not a snapshot (restoreproof.snapshot/v1)',
      /^ {2}why: {2}tables is not a list$/,
    ],
  ])('a snapshot that is %s', async (name, text, what, why) => {
    const file = `${name}.json`;
    if (text === 'TABLES') {
      const whole = JSON.parse(readFileSync(join(at.directory, 'base.json'), 'utf8')) as Record<
        string,
        unknown
      >;
      writeFileSync(join(at.directory, file), JSON.stringify({ ...whole, tables: 7 }));
    } else if (text !== undefined) writeFileSync(join(at.directory, file), text);
    expect(await at.run(['verify', '--url', urlOf(restored), '--against', file])).toEqual({
      exitCode: 2,
      out: [],
      err: [`restoreproof: ${what.replace('FILE', file)}`, expect.stringMatching(why), next],
    });
  });

  test('a database that is not the subject', async () => {
    await using other = await testDatabase();
    await query(other, 'CREATE SCHEMA audit; CREATE TABLE audit.audit_events (id text)');
    const { exitCode, out, err } = await at.run(['snapshot', '--url', urlOf(other), '--out', 'other.json']);
    expect({ exitCode, out, err }).toEqual({
      exitCode: 2,
      out: [],
      err: [
        `restoreproof: the database ${other.settings.database} is not the subject: it has no table audit_events, no table audit_chain_head, no function audit_events_verify_chain()`,
        '  why:  names are looked up in the search_path "$user", public',
        '  next: there is a table audit_events in the schema audit: put it into the search_path of the user or the database',
      ],
    });
    expect(readdirSync(at.directory)).not.toContain('other.json');
  });

  test('no database is named, though the environment has one: it may be production', async () => {
    for (const argv of [
      ['snapshot', '--out', 'x.json'],
      ['verify', '--against', 'x.json'],
    ]) {
      writeFileSync(join(at.directory, 'x.json'), '');
      const { exitCode, out } = await at.run(argv, { DATABASE_URL: urlOf(source) });
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
    }
    const followed = await at.run(['snapshot', '--engine', 'server', '--out', 'x.json'], {
      DATABASE_URL: urlOf(source),
    });
    expect(followed.exitCode).toBe(0);
  });
});
