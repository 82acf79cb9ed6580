import { execa } from 'execa';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { home, sharedUrl, type Ended, type Home } from './test-program.ts';

/** What, why and what to do next, and nothing that reads as a verdict. */
function expectNoVerdict({ exitCode, out, err }: Ended, what: RegExp): void {
  expect(err.filter((line) => !line.startsWith('waiting for '))).toEqual([
    expect.stringMatching(what),
    expect.stringMatching(/^ {2}why: {2}\S/),
    expect.stringMatching(/^ {2}next: \S/),
  ]);
  expect(out.join('\n')).not.toMatch(/PASS|FAIL|FINDING/);
  expect(exitCode).toBe(3);
}

/** A listener that does something to whoever comes. */
async function listener(greet: (socket: Socket) => void): Promise<{ url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `postgres://u@127.0.0.1:${address.port}/d?connect_timeout=1`,
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

describe.concurrent('a server that answers with nonsense is no verdict', () => {
  test.each<[string, RegExp, (socket: Socket) => void]>([
    ['garbage', /is not a PostgreSQL server$/, (socket) => void socket.write(Buffer.alloc(64, 0xa5))],
    ['a closed door', /did not answer as a PostgreSQL server within 1 s$/, (socket) => void socket.end()],
    [
      'the first byte right, then garbage',
      /did not answer as a PostgreSQL server within 1 s$/,
      answerGarbage,
    ],
  ])('%s', async (_, what, greet) => {
    await using at = await home();
    await using fake = await listener(greet);
    expectNoVerdict(await at.run(['smoke', '--url', fake.url, '--wait', '1']), what);
    expect(await at.leftovers()).toEqual([]);
  });
});

/** No TLS, says the first byte, and what follows is no message. */
function answerGarbage(socket: Socket): void {
  socket.once('data', () => {
    socket.write('N');
    socket.once('data', () => socket.write(Buffer.from('0100000008fefefefe', 'hex')));
  });
}

/** A directory with the tools of the test run, pg_dump apart, which is a script: `$real` is the true one. */
function toolsWith({ directory }: Home, pgDump: string): string {
  const { testBin } = inject('server');
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  for (const program of readdirSync(testBin))
    if (program !== 'pg_dump') symlinkSync(join(testBin, program), join(bin, program));
  const script = `#!/bin/sh\nreal='${join(testBin, 'pg_dump')}'\n${pgDump}\n`;
  writeFileSync(join(bin, 'pg_dump'), script, { mode: 0o755 });
  return bin;
}

/** Seconds that no other process sleeps. */
const NAP = 200_000 + process.pid;

describe.concurrent('client tools that cannot be believed are no verdict', () => {
  test.each([
    ['banana', /pg_dump does not say which version it is$/],
    ['99.1', /are not of one version$/],
  ])('pg_dump says it is version %s', async (version, what) => {
    await using at = await home();
    const bin = toolsWith(at, `echo 'pg_dump (PostgreSQL) ${version}'`);
    expectNoVerdict(await at.run(['smoke', '--pg-bin', bin]), what);
    expect(await at.leftovers()).toEqual([]);
  });

  test('pg_dump hangs: its whole group ends at the time limit, and the run says so', async () => {
    await using at = await home();
    // As a wrapper does that waits for what it started.
    const bin = toolsWith(at, `case "$*" in *--file=*) sleep ${NAP} & wait;; *) exec "$real" "$@";; esac`);
    const argv = ['fuzz', '--url', sharedUrl(), '--pg-bin', bin, '--trial-timeout', '1', '--no-corpus'];
    const property = ['--property', 'the-fixed-cycle-is-faithful', '--cases', '1'];
    const { exitCode, out, err } = await at.run([...argv, ...property]);
    expect(out.join('\n')).toContain('no verdict: the trial did not end within 1 s and was given up');
    expect(out.at(-1)).toMatch(/^NO VERDICT /);
    expect({ exitCode, err }).toEqual({ exitCode: 3, err: [] });
    const { stdout } = await execa('ps', ['-eo', 'args'], { lines: true });
    expect(stdout.filter((line) => line === `sleep ${NAP}`)).toEqual([]);
    expect(await at.leftovers()).toEqual([]);
  });

  test.each([
    ['is killed, as by a system without memory', '--file=', 'kill -9 $$', 'pg_dump was killed (SIGKILL)'],
    [
      'finds the disk full the second time',
      '/second/',
      'echo "No space left on device" >&2; exit 1',
      'No space',
    ],
  ])('pg_dump %s', async (_, when, act, why) => {
    await using at = await home();
    const bin = toolsWith(at, `case "$*" in *${when}*) ${act};; *) exec "$real" "$@";; esac`);
    const ended = await at.run(['smoke', '--url', sharedUrl(), '--pg-bin', bin]);
    expectNoVerdict({ ...ended, out: [] }, /gave out during pg_dump$/);
    expect(ended.err[1]).toContain(why);
    expect(ended.out.join('\n')).not.toMatch(/PASS|FAIL/);
  });
});
