import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { NoVerdictError, UsageError } from '../errors.ts';
import { localClientTools } from './local-tools.ts';
import { connect, type Connection } from './connection.ts';
import type { Engine } from './engine.ts';
import { openRun, type Run } from './run-databases.ts';
import { LOCK_CLASS } from './run-lock.ts';
import { databaseName } from './run-sweep.ts';
import { testCluster, type TestCluster } from './test-cluster.ts';
import { openThrowawayDirectory } from './throwaway-directory.ts';
import { parseVersion, type Version } from './version.ts';

let cluster: TestCluster;
let admin: Connection;

beforeAll(async () => {
  cluster = await testCluster([]);
  await cluster.start();
  admin = await connect(cluster.settings);
  await admin.query('CREATE ROLE creator LOGIN CREATEDB');
  await admin.query('CREATE ROLE other LOGIN CREATEDB');
  // A member of a role may drop its databases, so that the server does not refuse what the sweep must not try.
  await admin.query('GRANT other TO creator');
});
afterAll(async () => {
  await admin[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});
afterEach(async () => {
  for (const name of await databases()) {
    await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(name)} WITH (FORCE)`);
  }
});

/** The cluster, entered as `creator`, who is no superuser, by the database named. */
function engineBy(maintenanceDatabase = 'postgres', user = 'creator', version = serverVersion()): Engine {
  return {
    kind: 'server',
    description: 'test',
    serverVersion: version,
    tools: localClientTools(inject('server').pgBin, version),
    throwaway: false,
    maintenanceDatabase,
    openDirectory: openThrowawayDirectory,
    connectionTo: (database) => ({ ...cluster.settings, user, database }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function serverVersion(): Version {
  const version = parseVersion(inject('server').version);
  if (!version) throw new Error('no version');
  return version;
}

async function databases(): Promise<string[]> {
  const sql = `SELECT datname FROM pg_database WHERE datname ~ '^restoreproof' ORDER BY datname`;
  return (await admin.query<{ datname: string }>(sql)).rows.map(({ datname }) => datname);
}

/** Ends the lock's session, as the death of the run's process would, and waits until the server has let go of it. */
async function kill(run: Run): Promise<void> {
  const mine = `locktype = 'advisory' AND classid = ${LOCK_CLASS} AND objid = '${BigInt(`0x${run.id.slice(0, 8)}`)}'::oid`;
  const killed = await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE ${mine}`);
  expect(killed.rowCount).toBe(1);
  await expect.poll(async () => (await admin.query(`SELECT FROM pg_locks WHERE ${mine}`)).rowCount).toBe(0);
}

describe('a run', () => {
  test('creates databases with all that was asked for, and drops them', async () => {
    // Only a superuser may give a database a setting that no extension has defined.
    const run = await openRun(engineBy('postgres', 'postgres'));
    expect(run.id).toMatch(/^[0-9a-f]{16}$/);
    {
      await using database = await run.create({
        label: "it's a label",
        encoding: 'LATIN1',
        locale: { locale: 'C' },
        settings: { TimeZone: 'Asia/Tokyo', DateStyle: 'SQL, DMY', 'restoreproof.x': "o'x" },
      });
      expect(database.name).toBe(databaseName(run.id, 1));
      await using connection = await connect(database.settings, { TimeZone: 'Asia/Tokyo' });
      const { rows } = await connection.query(
        `SELECT current_database() AS name, getdatabaseencoding() AS encoding, datcollate AS collate,
                datconnlimit AS limit, shobj_description(oid, 'pg_database') AS comment,
                current_setting('restoreproof.x') AS x, reset_val AS style
           FROM pg_database, pg_settings WHERE datname = current_database() AND pg_settings.name = 'DateStyle'`,
      );
      expect(rows).toStrictEqual([
        {
          name: database.name,
          encoding: 'LATIN1',
          collate: 'C',
          limit: -1,
          comment: `restoreproof run ${run.id}: it's a label`,
          x: "o'x",
          style: 'SQL, DMY',
        },
      ]);
      // Dropped with everyone in it: the connection is still open at the end of this block.
    }
    expect(run.remaining).toStrictEqual([]);
    expect(await databases()).toStrictEqual([]);
    await using second = await run.create();
    expect(second.name).toBe(databaseName(run.id, 2));
    await run[Symbol.asyncDispose]();
    expect(await databases()).toStrictEqual([]);
    await expect(run.create()).rejects.toThrow(NoVerdictError);
  });

  test('disposal while a database is being dropped leaves no connection, which would keep the process alive', async () => {
    const run = await openRun(engineBy());
    const database = await run.create();
    // The connection that lies idle is the disposal's; the other one has to be opened, and is the later one.
    const over = run[Symbol.asyncDispose]();
    await setImmediate();
    await database[Symbol.asyncDispose]();
    await over;
    const ours = `SELECT FROM pg_stat_activity WHERE usename = 'creator'`;
    await expect.poll(async () => (await admin.query(ours)).rowCount).toBe(0);
    expect(await databases()).toStrictEqual([]);
  });

  test('creates from several lanes at once, and disposal waits for what is being created', async () => {
    const run = await openRun(engineBy());
    const created = await Promise.all(Array.from({ length: 6 }, () => run.create()));
    expect(new Set(created.map(({ name }) => name)).size).toBe(6);
    expect(await databases()).toHaveLength(6);
    const late = run.create();
    await run[Symbol.asyncDispose]();
    await late;
    expect(await databases()).toStrictEqual([]);
  });

  test('copies a template, and waits for those who are in it', async () => {
    await using run = await openRun(engineBy());
    const template = await run.create();
    await using guest = await connect(template.settings);
    await guest.query('CREATE TABLE t AS SELECT 1 AS a');
    setTimeout(() => void guest.end(), 300);
    await using copy = await run.create({ template: template.name });
    await using connection = await connect(copy.settings);
    expect((await connection.query('SELECT a FROM t')).rows).toStrictEqual([{ a: 1 }]);
  });

  test('leaves nothing where the server refuses, and says why', async () => {
    await using run = await openRun(engineBy());
    await expect(run.create({ encoding: 'KLINGON' })).rejects.toThrow(NoVerdictError);
    await expect(run.create({ settings: { no_such_setting: '1' } })).rejects.toMatchObject({
      why: expect.stringContaining('no_such_setting'),
      cause: { code: '42704' },
    });
    expect(run.remaining).toStrictEqual([]);
    expect(await databases()).toStrictEqual([]);
    await using unable = await openRun(
      engineBy('postgres', 'creator', { major: 14, minor: 0, text: '14.0' }),
    );
    await expect(unable.create({ locale: { provider: 'icu' } })).rejects.toThrow(UsageError);
  });

  test('of a role that lost its right', async () => {
    await using run = await openRun(engineBy('postgres', 'other'));
    await admin.query('ALTER ROLE other NOCREATEDB');
    await expect(run.create()).rejects.toThrow(UsageError);
    await admin.query('ALTER ROLE other CREATEDB');
    await run.create();
  });

  test('drops on servers before 13, too', async () => {
    await using run = await openRun(engineBy('postgres', 'creator', { major: 12, minor: 1, text: '12.1' }));
    const database = await run.create();
    await using connection = await connect(database.settings);
    await connection.query('SELECT 1');
    await database[Symbol.asyncDispose]();
    expect(await databases()).toStrictEqual([]);
  });

  test('notices that its lock is gone, and still drops what it created', async () => {
    const run = await openRun(engineBy());
    await run.create();
    await kill(run);
    await expect(run.create()).rejects.toThrow(NoVerdictError);
    await expect(run.create()).rejects.toThrow('lost its lock');
    expect(await databases()).toHaveLength(1);
    await run[Symbol.asyncDispose]();
    expect(await databases()).toStrictEqual([]);
  });
});

describe('the sweep', () => {
  test('drops what a dead run left and leaves a live run alone, whatever databases they came in by', async () => {
    await using live = await openRun(engineBy('template1'));
    const kept = await live.create();
    const dead = await openRun(engineBy('postgres'));
    const left = [await dead.create({ label: 'x' }), await dead.create()];
    await using guest = await connect(kept.settings);
    await kill(dead);
    await using next = await openRun(engineBy(kept.name));
    expect(next.swept).toStrictEqual(left.map(({ name }) => name));
    expect(await databases()).toStrictEqual([kept.name]);
    await guest.query('SELECT 1');
    await live.create();
  });

  test('leaves databases alone that only look like ours', async () => {
    const id = randomBytes(8).toString('hex');
    const mark = `restoreproof run ${id}`;
    const foreign: [name: string, comment: string | null, options?: string][] = [
      ['restoreproof_backup', mark],
      [`restoreproof_${id}_1x`, mark],
      [`restoreproof_${id.toUpperCase()}X_1`, mark],
      [databaseName(id, 1), null],
      [databaseName(id, 2), 'restoreproof run 0123456789abcdef'],
      [databaseName(id, 3), `${mark}0`],
      [databaseName(id, 4), 'mine, for good', 'ALLOW_CONNECTIONS false CONNECTION LIMIT 0'],
      [databaseName(id, 5), null, 'ALLOW_CONNECTIONS false'],
      [databaseName(id, 6), mark, 'OWNER other'],
    ];
    for (const [name, comment, options = ''] of foreign) {
      const quoted = admin.escapeIdentifier(name);
      await admin.query(
        `CREATE DATABASE ${quoted} OWNER creator ${options}`.replace(/OWNER creator (OWNER)/, '$1'),
      );
      if (comment) await admin.query(`COMMENT ON DATABASE ${quoted} IS ${admin.escapeLiteral(comment)}`);
    }
    const before = await databases();
    await using run = await openRun(engineBy());
    expect(run.swept).toStrictEqual([]);
    expect(await databases()).toStrictEqual(before);
    await using all = await openRun(engineBy('postgres', 'postgres'));
    expect(all.swept).toStrictEqual([databaseName(id, 6)]);
  });

  test('takes what a run left that died between creating a database and marking it', async () => {
    const id = randomBytes(8).toString('hex');
    const unmarked = databaseName(id, 1);
    await admin.query(`CREATE DATABASE ${unmarked} OWNER creator ALLOW_CONNECTIONS false CONNECTION LIMIT 0`);
    await using run = await openRun(engineBy());
    expect(run.swept).toStrictEqual([unmarked]);
  });

  test('by several runs at once drops each database once', async () => {
    const dead = await openRun(engineBy());
    const left = await Promise.all(Array.from({ length: 6 }, () => dead.create()));
    await kill(dead);
    const runs = await Promise.all(Array.from({ length: 4 }, () => openRun(engineBy())));
    expect(await databases()).toStrictEqual([]);
    expect(runs.flatMap(({ swept }) => swept).sort()).toStrictEqual(left.map(({ name }) => name).sort());
    await Promise.all(runs.map((run) => run[Symbol.asyncDispose]()));
  });

  test('is not held up by a database that cannot be dropped', async () => {
    const dead = await openRun(engineBy());
    const [stuck, free] = [await dead.create(), await dead.create()];
    await kill(dead);
    await admin.query(`ALTER DATABASE ${stuck.name} IS_TEMPLATE true`);
    await using run = await openRun(engineBy());
    expect(run.swept).toStrictEqual([free.name]);
    await admin.query(`ALTER DATABASE ${stuck.name} IS_TEMPLATE false`);
  });
});

describe('when the server is restarted', () => {
  test('the run gives no more databases, and its disposal drops those it gave', async () => {
    const run = await openRun(engineBy());
    await run.create();
    await cluster.stop();
    await expect(run.create()).rejects.toThrow(NoVerdictError);
    await cluster.start();
    admin = await connect(cluster.settings);
    await expect(run.create()).rejects.toThrow('lost its lock');
    expect(await databases()).toHaveLength(1);
    await run[Symbol.asyncDispose]();
    expect(await databases()).toStrictEqual([]);
  });

  test('disposal does not throw while the server is down, and the next run sweeps', async () => {
    const run = await openRun(engineBy());
    const { name } = await run.create();
    await cluster.stop();
    await run[Symbol.asyncDispose]();
    expect(run.remaining).toStrictEqual([name]);
    await expect(openRun(engineBy())).rejects.toThrow(NoVerdictError);
    await cluster.start();
    admin = await connect(cluster.settings);
    await using next = await openRun(engineBy());
    expect(next.swept).toStrictEqual([name]);
  });
});
