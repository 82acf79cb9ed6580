import { execa } from 'execa';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connect } from '../postgres/connection.ts';
import { ownServer, type OwnServer } from './test-own-server.ts';
import { home, type Home } from './test-program.ts';

let server: OwnServer;
let url: string;

beforeAll(async () => {
  server = await ownServer();
  ({ url } = server);
});

afterAll(() => server[Symbol.asyncDispose]());

function interrupted(signal: NodeJS.Signals): string[] {
  return [`restoreproof: interrupted by ${signal}; what was started is being taken down`];
}

async function untilSomethingIsIn({ temporary }: Home, depth: string): Promise<void> {
  const found = (): boolean =>
    readdirSync(temporary).some((name) => existsSync(join(temporary, name, depth)));
  while (!found()) await sleep(1);
}

describe.concurrent('Ctrl-C and SIGTERM end with 3 and one line, and nothing is left', () => {
  afterAll(async () => expect(await server.ourDatabases()).toEqual([]));

  test.each<[NodeJS.Signals, string, string]>([
    ['SIGINT', 'the throwaway directory is made', '.'],
    ['SIGTERM', 'initdb runs', 'server/data'],
    ['SIGHUP', 'the server starts', 'server/data/postmaster.pid'],
  ])('%s when %s', async (signal, _, depth) => {
    await using at = await home();
    const running = await at.start(['smoke'], { PATH: inject('server').path });
    await untilSomethingIsIn(at, depth);
    running.kill(signal);
    expect(await running.ended).toEqual({ exitCode: 3, out: [], err: interrupted(signal) });
    expect(await at.leftovers()).toEqual([]);
  });

  test.each<[NodeJS.Signals, string]>([
    ['SIGTERM', 'subject'],
    ['SIGINT', 'source snapshot'],
    ['SIGTERM', 'dump'],
    ['SIGINT', 'restore'],
  ])('%s after the step %s', async (signal, step) => {
    await using at = await home();
    const running = await at.start(['smoke', '--rows', '500', '--json', 'smoke.json', '--url', url]);
    await running.printed(`  ${step} `);
    running.kill(signal);
    const { exitCode, out, err } = await running.ended;
    expect({ exitCode, err }).toEqual({ exitCode: 3, err: interrupted(signal) });
    expect(out.join('\n')).not.toMatch(/PASS|FAIL|held/);
    expect(await at.leftovers()).toEqual([]);
    expect(readdirSync(at.directory)).toEqual([]);
  });

  test('a reader that goes away, as `head` does, ends the run likewise', async () => {
    await using at = await home();
    const running = await at.start(['smoke', '--url', url]);
    await running.printed('  server ');
    running.stopReading();
    const { exitCode, err } = await running.ended;
    expect({ exitCode, err }).toEqual({
      exitCode: 3,
      err: [
        'restoreproof: standard output cannot be written (write EPIPE); what was started is being taken down',
      ],
    });
    expect(await at.leftovers()).toEqual([]);
  });

  // Among concurrent tests only their own `expect` may poll.
  test('a long statement is not waited for', async (own) => {
    await using at = await home();
    mkdirSync(join(at.directory, 'migrations'));
    writeFileSync(join(at.directory, 'migrations/1_slow.up.sql'), 'SELECT pg_sleep(3600)');
    const argv = ['smoke', '--migrations', 'migrations', '--trial-timeout', '3600', '--url', url];
    const running = await at.start(argv);
    await using connection = await connect(server.cluster.settings);
    const sleeping = `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;
    await own.expect.poll(async () => (await connection.query(sleeping)).rowCount).toBe(1);
    running.kill('SIGINT');
    expect(await running.ended).toMatchObject({ exitCode: 3, err: interrupted('SIGINT') });
    expect((await connection.query(sleeping)).rowCount).toBe(0);
  });
});

describe('what a SIGKILL leaves behind is swept by the next run', () => {
  test('a throwaway server', async () => {
    await using at = await home();
    const running = await at.start(['smoke', '--rows', '5000']);
    await running.printed('  subject ');
    running.kill('SIGKILL');
    await running.ended;
    expect((await at.leftovers()).filter((line) => line.includes('postgres'))).not.toEqual([]);
    expect(await at.run(['smoke'])).toMatchObject({ exitCode: 0, err: [] });
    expect(await at.leftovers()).toEqual([]);
  });

  test('databases of a server that stays', async () => {
    await using at = await home();
    const running = await at.start(['smoke', '--rows', '5000', '--url', url]);
    await running.printed('  subject ');
    running.kill('SIGKILL');
    await running.ended;
    expect(await server.ourDatabases()).toHaveLength(1);
    expect(await at.run(['smoke', '--url', url])).toMatchObject({ exitCode: 0, err: [] });
    expect(await server.ourDatabases()).toEqual([]);
  });
});

describe('a server that dies is no verdict: 3, a clear line, no stack trace', () => {
  test.each([
    ['while rows are written', 'subject'],
    ['before the dump', 'source snapshot'],
    ['before the restore', 'wipe'],
  ])('%s', async (_, step) => {
    await using at = await home();
    const running = await at.start(['smoke', '--rows', '1000', '--url', url]);
    await running.printed(`  ${step} `);
    killServer();
    const { exitCode, out, err } = await running.ended;
    expect(exitCode).toBe(3);
    expect(out.join('\n')).not.toMatch(/PASS|FAIL/);
    expect(err).toEqual([
      expect.stringMatching(
        /^restoreproof: (?:the infrastructure gave way|the server gave way during pg_\w+|could not .*)$/,
      ),
      expect.stringMatching(/^ {2}why: {2}\S.*$/),
      expect.stringMatching(/^ {2}next: .*run again$/),
    ]);
    expect(await at.leftovers()).toEqual([]);
    await revive();
  });
});

test('a server that hangs is no verdict either: the run gives up in time', async () => {
  await using at = await home();
  const argv = ['--rows', '3000', '--trial-timeout', '1', '--url', `${url}?connect_timeout=1`];
  const running = await at.start(['smoke', ...argv]);
  await running.printed('  subject ');
  const processes = await serverProcesses();
  for (const pid of processes) process.kill(pid, 'SIGSTOP');
  const { exitCode, out, err } = await running.ended;
  for (const pid of processes) process.kill(pid, 'SIGCONT');
  expect(exitCode).toBe(3);
  expect(out.join('\n')).not.toMatch(/PASS|FAIL/);
  expect(err).toEqual([
    expect.stringMatching(/^restoreproof: (?:the trial did not end within 1 s|the infrastructure gave way)/),
    expect.stringMatching(/^ {2}why: {2}\S/),
    expect.stringMatching(/^ {2}next: \S/),
  ]);
  expect(await at.leftovers()).toEqual([]);
  // The next run finds the server going on, and what was left there.
  expect(await at.run(['smoke', '--url', url])).toMatchObject({ exitCode: 0, err: [] });
  expect(await server.ourDatabases()).toEqual([]);
});

/** The postmaster and all its children. */
async function serverProcesses(): Promise<number[]> {
  const [pid = ''] = readFileSync(join(server.cluster.directory, 'data/postmaster.pid'), 'latin1').split(
    '\n',
  );
  const { stdout } = await execa('ps', ['-o', 'pid=', '--ppid', pid], { lines: true });
  return [Number(pid), ...stdout.map(Number)];
}

/** As the kernel does when memory runs out. */
function killServer(): void {
  const [pid] = readFileSync(join(server.cluster.directory, 'data/postmaster.pid'), 'latin1').split('\n');
  process.kill(Number(pid), 'SIGKILL');
}

/** Its backends end by themselves; a new start takes back the shared memory of the old one. */
async function revive(): Promise<void> {
  for (;;) {
    try {
      return await server.cluster.start();
    } catch {
      await sleep(50);
    }
  }
}
