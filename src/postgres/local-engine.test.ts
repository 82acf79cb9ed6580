import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import { NoVerdictError, UsageError } from '../errors.ts';
import { builtPackage } from '../test-build.ts';
import { connect } from './connection.ts';
import type { Engine } from './engine.ts';
import { chooseInstallation, findInstallations, type Installation } from './installations.ts';
import { openLocalEngine } from './local-engine.ts';
import { sweepThrowawayDirectories } from './throwaway-directory.ts';

const run = promisify(execFile);
let installation: Installation;
/** The temporary directory of one test. */
let place: string;

beforeAll(async () => {
  const environment = { ...process.env, PATH: inject('server').path };
  installation = chooseInstallation(await findInstallations({ environment }));
});
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'engine-'));
  await chmod(place, 0o711);
  vi.stubEnv('TMPDIR', place);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true, force: true });
});

/** Directories and processes that are left of the servers of this test. */
async function leftovers(): Promise<string[]> {
  const directories = (await readdir(place)).filter((name) => name.startsWith('restoreproof-'));
  const { stdout } = await run('ps', ['-ww', '-eo', 'pid=,args=']);
  return [
    ...directories,
    ...stdout.split('\n').filter((line) => line.includes(join(place, 'restoreproof-'))),
  ];
}

async function settled(wanted: () => Promise<boolean>): Promise<boolean> {
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(20))
    if (await wanted()) return true;
  return false;
}

async function setting(engine: Engine, sql: string): Promise<unknown> {
  await using connection = await connect(engine.connectionTo('postgres'));
  const { rows } = await connection.query<unknown[]>({ text: sql, rowMode: 'array' });
  return rows[0];
}

test('a server is usable by driver and tools, and gone when disposed of', async () => {
  {
    await using engine = await openLocalEngine({ installation });
    expect(engine).toMatchObject({ kind: 'local', throwaway: true, maintenanceDatabase: 'postgres' });
    expect(engine.serverVersion).toEqual(installation.version);
    expect(engine.description).toBe(
      `PostgreSQL ${installation.version.text} (throwaway server, ${installation.directory})`,
    );
    const read = `SELECT current_setting('fsync'), current_setting('listen_addresses'), current_setting('wal_level'),
      current_setting('server_encoding'), current_user::text, rolsuper FROM pg_roles WHERE rolname = current_user`;
    expect(await setting(engine, read)).toEqual(['off', '', 'minimal', 'UTF8', 'postgres', true]);
    const { host, port, user } = engine.connectionTo('postgres');
    const dump = await engine.tools.run('pg_dump', ['-h', host, '-p', String(port), '-U', user, 'postgres']);
    expect(dump).toMatchObject({ exitCode: 0, stderr: '' });
  }
  expect(await leftovers()).toEqual([]);
});

test('it is disposed of even while sessions are at work', async () => {
  const engine = await openLocalEngine({ installation });
  const connection = await connect(engine.connectionTo('postgres'));
  const query = connection.query('SELECT pg_sleep(60)').catch(() => 'cut');
  await engine[Symbol.asyncDispose]();
  expect(await query).toBe('cut');
  expect(await leftovers()).toEqual([]);
  await engine[Symbol.asyncDispose]();
});

test('server options win over our own', async () => {
  await using engine = await openLocalEngine({
    installation,
    serverOptions: { autovacuum: 'on', 'restoreproof.note': `a 'quoted, "text"` },
  });
  const read = `SELECT current_setting('autovacuum'), current_setting('restoreproof.note')`;
  expect(await setting(engine, read)).toEqual(['on', `a 'quoted, "text"`]);
});

test('a server option that PostgreSQL refuses is an error of usage and leaves nothing', async () => {
  const opening = openLocalEngine({ installation, serverOptions: { shared_buffers: 'much' } });
  const error: unknown = await opening.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({
    why: 'invalid value for parameter "shared_buffers": "much"',
    next: 'give another value for shared_buffers',
  });
  expect(await leftovers()).toEqual([]);
});

test('without server programs it is an error of usage', async () => {
  const lacking = { ...installation, missing: ['initdb', 'postgres'] };
  await expect(openLocalEngine({ installation: lacking })).rejects.toThrow(UsageError);
  expect(await leftovers()).toEqual([]);
});

/** Programs of their own in place of some of the installation's. */
async function altered(scripts: Record<string, string>): Promise<Installation> {
  const directory = join(place, 'bin');
  await mkdir(directory);
  await chmod(directory, 0o755);
  for (const program of ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql']) {
    const original = join(installation.directory, program);
    const script = scripts[program];
    if (script === undefined) await symlink(original, join(directory, program));
    else
      await writeFile(join(directory, program), `#!/bin/sh\n${script}\nexec ${original} "$@"\n`, {
        mode: 0o755,
      });
  }
  return { ...installation, directory };
}

test('where the system has no locale C.UTF-8, it is C', async () => {
  const initdb = `case "$*" in *--locale=C.UTF-8*) echo 'initdb: error: invalid locale name "C.UTF-8"' >&2; exit 1;; esac`;
  await using engine = await openLocalEngine({ installation: await altered({ initdb }) });
  const read = `SELECT datcollate::text, pg_encoding_to_char(encoding)::text FROM pg_database WHERE datname = 'template1'`;
  expect(await setting(engine, read)).toEqual(['C', 'UTF8']);
});

test('a failure tells its first telling line and leaves nothing', async () => {
  const initdb = `echo 'creating directory ...'; echo 'FATAL:  could not write: No space left on device' >&2; exit 1`;
  const full = openLocalEngine({ installation: await altered({ initdb }) });
  const error: unknown = await full.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NoVerdictError);
  expect(error).toMatchObject({ why: 'could not write: No space left on device' });
  expect(await leftovers()).toEqual([]);
});

test('an installation that is not there leaves nothing', async () => {
  const gone = { ...installation, directory: join(place, 'nowhere') };
  await expect(openLocalEngine({ installation: gone })).rejects.toThrow(NoVerdictError);
  expect(await leftovers()).toEqual([]);
});

test.each([0, 30, 300, 450, 550])('abort after %i ms leaves nothing', async (delay) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const opening = openLocalEngine({ installation, signal: controller.signal });
  const outcome = opening.then(
    (engine) => engine[Symbol.asyncDispose](),
    (error: unknown) => error,
  );
  await sleep(delay);
  controller.abort(reason);
  // No machine has a server within 30 ms.
  expect(delay > 30 ? [undefined, reason] : [reason]).toContain(await outcome);
  expect(await leftovers()).toEqual([]);
});

/** A process with an engine of its own, which then goes on with `script`; and the engine's directory. */
async function ownerProcess(script: string): Promise<{ child: ReturnType<typeof spawn>; directory: string }> {
  const code = `import { openLocalEngine } from ${JSON.stringify(join(await builtPackage(), 'dist/src/postgres/local-engine.js'))};
    const engine = await openLocalEngine({ installation: ${JSON.stringify(installation)} });
    console.log(engine.connectionTo('postgres').host);
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const host = String((await once(child.stdout, 'data'))[0]);
  return { child, directory: dirname(host.trim()) };
}

test('the server of a process that was killed is stopped and removed by the next sweep, not before', async () => {
  const { child, directory } = await ownerProcess('setInterval(() => {}, 1000);');
  expect(await sweepThrowawayDirectories()).not.toContain(directory);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  const [pid] = (await readFile(join(directory, 'server/data/postmaster.pid'), 'utf8')).split('\n');
  expect(process.kill(Number(pid), 0)).toBe(true);
  await sweepThrowawayDirectories();
  expect(existsSync(directory)).toBe(false);
  expect(await settled(async () => (await leftovers()).length === 0)).toBe(true);
});

test.each(['', 'process.exit(0);'])(
  'a process that forgot to dispose of its engine ends: "%s"',
  async (script) => {
    const { child } = await ownerProcess(script);
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    await sweepThrowawayDirectories();
    expect(await settled(async () => (await leftovers()).length === 0)).toBe(true);
  },
);

test('the server does not hear the Ctrl-C of our terminal', async () => {
  await using engine = await openLocalEngine({ installation });
  const pidFile = join(engine.connectionTo('postgres').host, 'data/postmaster.pid');
  const pid = (await readFile(pidFile, 'utf8')).split('\n')[0] ?? '';
  const { stdout } = await run('ps', ['-o', 'pgid=', '-p', pid]);
  expect(stdout.trim()).toBe(pid);
});
