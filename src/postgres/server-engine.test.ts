import { execFile } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { NoVerdictError, RestoreproofError, UsageError } from '../errors.ts';
import { testDatabase } from '../testing.ts';
import { parseConnectionUrl } from './connection-url.ts';
import { connect, libpqEnvironment, type ConnectionSettings } from './connection.ts';
import type { Installation } from './installations.ts';
import { chooseClientTools, openServerEngine } from './server-engine.ts';
import { freePort, testCluster, type TestCluster } from './test-cluster.ts';

function installation(text: string, missing: string[] = [], directory = `/pg/${text}/bin`): Installation {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return { directory, version: { major, minor, text }, source: 'test', missing };
}

function installed(): Installation[] {
  const { pgBin, version } = inject('server');
  return [installation(version, [], pgBin)];
}

/** Longer than a test may take: what is refused at once does not wait for a server to become ready. */
const ENDLESS_MILLISECONDS = 3_600_000;

async function open(settings: ConnectionSettings, readinessMilliseconds = ENDLESS_MILLISECONDS) {
  return openServerEngine({ settings, installations: installed(), readinessMilliseconds });
}

async function refused(
  settings: ConnectionSettings,
  readinessMilliseconds = ENDLESS_MILLISECONDS,
): Promise<RestoreproofError> {
  const error: unknown = await open(settings, readinessMilliseconds).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ next: expect.any(String) });
  if (error instanceof RestoreproofError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

function url(rest: string): ConnectionSettings {
  return parseConnectionUrl(`postgres://${rest}`, {});
}

describe('on the shared server', () => {
  test('says what it is and gives settings for its databases', async () => {
    await using database = await testDatabase();
    await using engine = await open(database.settings);
    expect(engine).toMatchObject({
      kind: 'server',
      throwaway: false,
      maintenanceDatabase: database.settings.database,
    });
    expect(engine.serverVersion.major).toBe(Number(inject('server').version.split('.')[0]));
    expect(engine.description).toContain(engine.serverVersion.text);
    expect(engine.connectionTo('other')).toMatchObject({ host: database.settings.host, database: 'other' });
    const dump = await engine.tools.run('pg_dump', ['--schema-only'], {
      environment: libpqEnvironment(engine.connectionTo(database.settings.database)),
    });
    expect(dump).toMatchObject({ exitCode: 0 });
  });

  test('a role without CREATEDB is told the exact line', async () => {
    const { settings } = inject('server');
    const role = `Rest "${process.pid}`;
    await using connection = await connect(settings);
    await connection.query(`CREATE ROLE ${connection.escapeIdentifier(role)} LOGIN`);
    try {
      const error = await refused({ ...settings, user: role });
      expect(error).toMatchObject({
        next: `run as a superuser: ALTER ROLE "Rest ""${process.pid}" CREATEDB;`,
      });
      await connection.query(
        `ALTER ROLE ${connection.escapeIdentifier(role)} SET default_transaction_read_only = on`,
      );
      expect(await refused({ ...settings, user: role })).toMatchObject({
        why: expect.stringContaining('read-only'),
      });
    } finally {
      await connection.query(`DROP ROLE ${connection.escapeIdentifier(role)}`);
    }
  });

  test('an unknown database or role is refused at once', async () => {
    const { settings } = inject('server');
    const database = await refused({ ...settings, database: 'no such' });
    expect(database).toBeInstanceOf(UsageError);
    expect(database).toMatchObject({ why: expect.stringContaining('does not exist') });
    expect(await refused({ ...settings, user: 'no such' })).toBeInstanceOf(UsageError);
  });
});

describe('client tools', () => {
  const server = { major: 15, minor: 18, text: '15.18' };

  test('of the same major version, whatever the minor, before newer ones', () => {
    const found = [installation('17.2'), installation('16.1'), installation('15.2'), installation('14.9')];
    expect(chooseClientTools(found, server).version.text).toBe('15.2');
    expect(chooseClientTools([installation('15.2'), installation('15.4')], server).version.text).toBe('15.4');
    expect(chooseClientTools(found.slice(0, 2), server).version.text).toBe('16.1');
  });

  test('need no server programs beside them, but all of their own', () => {
    const found = [installation('15.1', ['pg_restore']), installation('16.1', ['initdb', 'postgres'])];
    expect(chooseClientTools(found, server).version.text).toBe('16.1');
  });

  test('older than the server are refused', async () => {
    const major = Number(inject('server').version.split('.')[0]);
    const older = installation(`${major - 1}.9`);
    const opened = openServerEngine({ settings: inject('server').settings, installations: [older] });
    await expect(opened).rejects.toThrow(UsageError);
    await expect(opened).rejects.toMatchObject({
      message: `the server is PostgreSQL ${major}, the newest client tools are ${major - 1}.9 in ${older.directory}`,
      next: expect.stringContaining(`postgresql-client-${major}`),
    });
    expect(() => chooseClientTools([], server)).toThrow('no client tools were found');
  });
});

describe('what does not answer as PostgreSQL', () => {
  test('an unreachable port is waited for, then refused', async () => {
    const port = await freePort();
    const lines: string[] = [];
    const opened = openServerEngine({
      settings: parseConnectionUrl(`postgres://u:geheim@localhost:${port}/d`, {}),
      installations: installed(),
      readinessMilliseconds: 700,
      say: (line) => lines.push(line),
    });
    await expect(opened).rejects.toThrow(UsageError);
    await expect(opened).rejects.toMatchObject({
      message: `no PostgreSQL server answered at localhost:${port} within 0.7 s`,
      why: expect.stringContaining('ECONNREFUSED'),
    });
    expect(lines).toStrictEqual([`waiting for localhost:${port}: ${lines[0]?.split(': ')[1]}`]);
    expect(await refused({ host: '/no/such', port, user: 'u', database: 'd' }, 300)).toBeInstanceOf(
      UsageError,
    );
  });

  test('an abort ends the waiting', async () => {
    const opened = openServerEngine({
      settings: { host: '127.0.0.1', port: await freePort(), user: 'u', database: 'd' },
      installations: installed(),
      signal: AbortSignal.timeout(300),
    });
    await expect(opened).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test.each([
    ['HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n', NoVerdictError, 'HTTP/1.1 400 Bad Request'],
    ['SSH-2.0-OpenSSH_9.2\r\n', NoVerdictError, 'SSH-2.0'],
  ])('%j is told at once', async (answer, kind, why) => {
    await using fake = await fakeServer(answer);
    const error = await refused({ host: '127.0.0.1', port: fake.port, user: 'u', database: 'd' });
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ why: expect.stringContaining(why) });
  });

  test('what takes connections and says nothing is no verdict when the time is up', async () => {
    await using fake = await fakeServer('');
    const error = await refused({ host: '127.0.0.1', port: fake.port, user: 'u', database: 'd' }, 500);
    expect(error).toBeInstanceOf(NoVerdictError);
    expect(error).toMatchObject({ why: 'it says nothing' });
  });
});

describe('on a server of our own', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await testCluster(
      [
        'host all plain 127.0.0.1/32 trust',
        'hostnossl all nossl 127.0.0.1/32 trust',
        'hostssl all ssl 127.0.0.1/32 trust',
        'host all secret 127.0.0.1/32 scram-sha-256',
      ],
      ['-c ssl=on', '-c ssl_cert_file=../server.crt', '-c ssl_key_file=../server.key'],
    );
    await selfSignedCertificate(cluster.directory);
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  test('comes up late', async () => {
    const lines: string[] = [];
    const opening = openServerEngine({
      settings: cluster.settings,
      installations: installed(),
      say: (line) => lines.push(line),
    });
    await cluster.start();
    await using engine = await opening;
    expect(engine.maintenanceDatabase).toBe('postgres');
    expect(lines).toHaveLength(1);
    await using connection = await connect(cluster.settings);
    await connection.query(
      `CREATE ROLE plain LOGIN CREATEDB; CREATE ROLE nossl LOGIN CREATEDB; CREATE ROLE ssl LOGIN CREATEDB;
       CREATE ROLE secret LOGIN CREATEDB PASSWORD 'p:/@'`,
    );
  });

  test('a wrong password, and none, are refused at once; the right one works for the tools too', async () => {
    const wrong = await refused(url(`secret:geheim@127.0.0.1:${cluster.port}/postgres`));
    expect(wrong).toBeInstanceOf(UsageError);
    expect(wrong).toMatchObject({ why: expect.stringContaining('password authentication failed') });
    expect(`${wrong.message} ${wrong.why} ${wrong.next}`).not.toContain('geheim');
    const none = await refused(url(`secret@127.0.0.1:${cluster.port}/postgres`));
    expect(none).toMatchObject({ why: expect.stringContaining('none was given') });
    await using engine = await open(url(`secret:p%3A%2F%40@127.0.0.1:${cluster.port}/postgres`));
    const dump = await engine.tools.run('pg_dump', ['--schema-only'], {
      environment: libpqEnvironment(engine.connectionTo('postgres')),
    });
    expect(dump).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['plain', 'prefer', true],
    ['plain', 'disable', false],
    ['plain', 'allow', false],
    ['ssl', 'prefer', true],
    ['ssl', 'allow', true],
    ['ssl', 'require', true],
    ['nossl', 'prefer', false],
    ['plain', 'verify-ca', true],
  ])('%s with sslmode=%s', async (user, mode, encrypted) => {
    const root = mode === 'verify-ca' ? `&sslrootcert=${join(cluster.directory, 'server.crt')}` : '';
    const settings = url(`${user}@127.0.0.1:${cluster.port}/postgres?sslmode=${mode}${root}`);
    await using engine = await open(settings);
    await using connection = await connect(engine.connectionTo('postgres'));
    const sql = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
    expect((await connection.query(sql)).rows).toStrictEqual([{ ssl: encrypted }]);
    const tool = await engine.tools.run('psql', ['-XAtc', sql], {
      environment: libpqEnvironment(engine.connectionTo('postgres')),
    });
    expect(tool).toMatchObject({ stdout: encrypted ? 't\n' : 'f\n' });
  });

  test('a certificate that does not hold is refused at once', async () => {
    const root = join(cluster.directory, 'server.crt');
    const at = `plain@127.0.0.1:${cluster.port}/postgres?sslmode=verify-full`;
    expect(await refused(url(`${at}&sslrootcert=${root}`))).toBeInstanceOf(UsageError);
    expect(await refused(url(`${at}&sslrootcert=system`))).toBeInstanceOf(UsageError);
  });

  test('TLS that the server does not offer is refused at once', async () => {
    await using fake = await fakeServer('N');
    const error = await refused(url(`u@127.0.0.1:${fake.port}/d?sslmode=require`));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain('offers no TLS');
  });
});

async function selfSignedCertificate(directory: string): Promise<void> {
  const [key, certificate] = [join(directory, 'server.key'), join(directory, 'server.crt')];
  const request = ['req', '-new', '-x509', '-nodes', '-newkey', 'rsa:2048', '-subj', '/CN=db.example'];
  await promisify(execFile)('openssl', [...request, '-keyout', key, '-out', certificate]);
  const { uid, gid } = statSync(directory);
  for (const file of [key, certificate]) chownSync(file, uid, gid);
}

/** Sends `answer` to whoever says anything. */
async function fakeServer(answer: string): Promise<{ port: number } & AsyncDisposable> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(answer));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
