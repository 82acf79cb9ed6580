import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import { freePort, testCluster, type TestCluster } from '../postgres/test-cluster.ts';
import { home, type Ended } from './test-program.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await testCluster([
    'host all maker 127.0.0.1/32 scram-sha-256',
    'host all all 127.0.0.1/32 trust',
  ]);
  await cluster.start();
  await query(`CREATE ROLE maker LOGIN CREATEDB PASSWORD 'geheim';
    CREATE ROLE idler LOGIN;`);
  await query('CREATE DATABASE foreign_one');
  await query(
    `CREATE TABLE audit_events (id text); INSERT INTO audit_events VALUES ('not ours');
     COMMENT ON DATABASE foreign_one IS 'restoreproof'`,
    { database: 'foreign_one' },
  );
});

afterAll(() => cluster[Symbol.asyncDispose]());

async function query(sql: string, change: Partial<ConnectionSettings> = {}): Promise<unknown[]> {
  await using connection = await connect({ ...cluster.settings, ...change });
  return (await connection.query({ text: sql, rowMode: 'array' })).rows as unknown[];
}

function url(user: string, password = ''): string {
  return `postgres://${user}${password === '' ? '' : `:${password}`}@127.0.0.1:${cluster.port}/postgres`;
}

/** All that a run could have changed outside of its own databases. */
async function serverState(): Promise<unknown> {
  const databases = `SELECT oid::int, datname, datdba::int, datacl::text, datconnlimit, shobj_description(oid, 'pg_database')
    FROM pg_database ORDER BY oid`;
  const objects = `SELECT count(*)::int, max(xmin::text::bigint)::text, count(*) FILTER (WHERE relname ~ 'audit')::int FROM pg_class`;
  return {
    databases: await query(databases),
    roles: await query('SELECT rolname, rolcreatedb, rolsuper FROM pg_roles ORDER BY 1'),
    maintenance: await query(objects),
    foreign: await query(objects, { database: 'foreign_one' }),
    rows: await query('TABLE audit_events', { database: 'foreign_one' }),
  };
}

const PASS = 'PASS  rows=24  chain_head=6bc51000…  verifier=clean';

describe('a server that is there already is left as it was', () => {
  test.each([
    ['by --url, as a superuser', () => ({ argv: ['--url', url('postgres')], env: {} })],
    [
      'by DATABASE_URL, as a role that may create databases and nothing else',
      () => ({ argv: ['--engine', 'server'], env: { DATABASE_URL: url('maker', 'geheim') } }),
    ],
    [
      'by libpq’s variables',
      () => ({
        argv: ['--engine', 'server'],
        env: {
          PGHOST: '127.0.0.1',
          PGPORT: String(cluster.port),
          PGUSER: 'maker',
          PGPASSWORD: 'geheim',
          PGDATABASE: 'postgres',
        },
      }),
    ],
  ])('%s', async (_, given) => {
    await using at = await home();
    const before = await serverState();
    const { argv, env } = given();
    const ended = await at.run(['smoke', ...argv], env);
    expect(ended).toMatchObject({ exitCode: 0, err: [] });
    expect(ended.out[0]).toContain(`(server 127.0.0.1:${cluster.port}, tools `);
    expect(ended.out).toContain(PASS);
    expect(ended.out.join('\n')).not.toContain('geheim');
    expect(await serverState()).toEqual(before);
    expect(await at.leftovers()).toEqual([]);
  });
});

/** What one reads of bad input: one clear line, why, and a hint. */
function refused(what: string, why: string | undefined, next: string): Ended {
  const err = [`restoreproof: ${what}`, ...(why === undefined ? [] : [`  why:  ${why}`]), `  next: ${next}`];
  return { exitCode: 2, out: [], err };
}

describe.concurrent('a server that cannot be used ends with 2, one clear line and a hint', () => {
  test.each([
    [
      'a wrong password',
      () => url('maker', 'falsch'),
      () =>
        refused(
          `the server at 127.0.0.1:${cluster.port} does not let maker into the database postgres`,
          'password authentication failed for user "maker"',
          'give the right password of maker: in the connection URL, PGPASSWORD or ~/.pgpass (mode 0600)',
        ),
    ],
    [
      'no password',
      () => url('maker'),
      () =>
        refused(
          `the server at 127.0.0.1:${cluster.port} does not let maker into the database postgres`,
          'the server asks for a password, and none was given',
          'give the right password of maker: in the connection URL, PGPASSWORD or ~/.pgpass (mode 0600)',
        ),
    ],
    [
      'a role that may not create databases',
      () => url('idler'),
      () =>
        refused(
          `the role idler may not create databases on the server at 127.0.0.1:${cluster.port}`,
          'every trial runs in databases of its own',
          'run as a superuser: ALTER ROLE "idler" CREATEDB;',
        ),
    ],
    [
      'a database that is not there',
      () => `${url('postgres')}_of_nobody`,
      () =>
        refused(
          `the server at 127.0.0.1:${cluster.port} does not let postgres into the database postgres_of_nobody`,
          'database "postgres_of_nobody" does not exist',
          'name a database that exists (postgres does on most servers), or create it: CREATE DATABASE "postgres_of_nobody";',
        ),
    ],
  ])('%s', async (_, given, expected) => {
    await using at = await home();
    expect(await at.run(['smoke', '--url', given()])).toEqual(expected());
  });

  test('client tools that are older than the server', async () => {
    await using at = await home();
    mkdirSync(join(at.directory, 'old'));
    for (const program of ['pg_dump', 'pg_restore', 'psql', 'initdb', 'postgres']) {
      writeFileSync(join(at.directory, 'old', program), `#!/bin/sh\necho '${program} (PostgreSQL) 9.6.24'\n`);
      chmodSync(join(at.directory, 'old', program), 0o755);
    }
    const major = Number((await query('SHOW server_version_num')).flat()[0]) / 10_000;
    const { exitCode, err } = await at.run(['smoke', '--url', url('postgres'), '--pg-bin', 'old']);
    expect({ exitCode, err }).toEqual({
      exitCode: 2,
      err: [
        expect.stringMatching(
          `^restoreproof: the server is PostgreSQL ${Math.floor(major)}, the newest client tools are 9\\.6\\.?2?4? in /`,
        ),
        '  why:  pg_dump refuses to dump from a server newer than itself',
        expect.stringMatching(
          /^ {2}next: install postgresql-client-\d+, or give --pg-bin DIR with tools of version \d+ or newer$/,
        ),
      ],
    });
  });

  // A container may still be starting, so it is waited for; one line says so, and Ctrl-C ends the wait.
  test('nothing listens there', async () => {
    await using at = await home();
    const port = await freePort();
    const place = `postgres://u:geheim@127.0.0.1:${port}/d`;
    const running = await at.start(['smoke', '--url', place]);
    await running.printed('waiting for');
    running.kill('SIGINT');
    expect(await running.ended).toEqual({
      exitCode: 3,
      out: [],
      err: [
        `waiting for 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
        'restoreproof: interrupted by SIGINT; what was started is being taken down',
      ],
    });
    // doctor has less patience.
    const { exitCode, out, err } = await at.run(['doctor', '--url', place]);
    expect({ exitCode, err, lines: out.slice(-4) }).toEqual({
      exitCode: 2,
      err: [],
      lines: [
        `  nothing: no PostgreSQL server answered at 127.0.0.1:${port} within 5 s`,
        `  why:  connect ECONNREFUSED 127.0.0.1:${port}`,
        '  next: start the server, or correct the host and port; listen_addresses and the firewall must let us in',
        '',
      ],
    });
    expect(out.join('\n')).not.toContain('geheim');
  });
});
