import { execa } from 'execa';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ownServer, type OwnServer } from './test-own-server.ts';
import { home, type Home } from './test-program.ts';

let server: OwnServer;
let url: string;

beforeAll(async () => {
  server = await ownServer();
  ({ url } = server);
});

afterAll(() => server[Symbol.asyncDispose]());

/** Every trial is a finding, so that files are written all the time. */
function faulty({ directory }: Home): string[] {
  writeFileSync(join(directory, 'fault.sql'), 'TRUNCATE audit_events;');
  const property = ['--property', 'the-fixed-cycle-is-faithful', '--no-corpus'];
  return ['fuzz', '--cases', '1000', '--lanes', '1', '--fault', 'fault.sql', ...property];
}

const SOUND = ['fuzz', '--seed', '5', '--cases', '2', '--no-corpus', '--lanes', '1'];
const ONE_PROPERTY = ['--property', 'the-fixed-cycle-is-faithful'];

/** The JSON files that are there have to be whole. */
function expectWholeFiles({ directory }: Home): void {
  const root = join(directory, 'counterexamples');
  const files = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
  for (const file of files.filter((name) => name.endsWith('.json')))
    expect(() => void JSON.parse(readFileSync(join(root, file), 'utf8'))).not.toThrow();
}

/** Seconds that no other process sleeps. */
const NAP = 100_000 + process.pid;

/** A directory of tools of which pg_dump hangs, as a wrapper does that waits for what it started. */
function hangingTools({ directory }: Home): string {
  const { testBin } = inject('server');
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  for (const program of readdirSync(testBin))
    if (program !== 'pg_dump') symlinkSync(join(testBin, program), join(bin, program));
  const hangs = `case "$*" in *--file=*) sleep ${NAP} & wait;; *) exec ${join(testBin, 'pg_dump')} "$@";; esac`;
  writeFileSync(join(bin, 'pg_dump'), `#!/bin/sh\n${hangs}\n`, { mode: 0o755 });
  return bin;
}

async function hanging(): Promise<number> {
  const { stdout } = await execa('ps', ['-eo', 'args'], { lines: true });
  return stdout.filter((line) => line === `sleep ${NAP}`).length;
}

test('fuzz, killed at any moment: the next runs, side by side, sweep what it left and do not meet', async () => {
  await using at = await home();
  const fault = faulty(at);
  const moments = [
    { argv: fault, milliseconds: 300 },
    { argv: [...fault, '--url', url], milliseconds: 60 },
    { argv: [...fault, '--url', url], milliseconds: 700 },
  ];
  const killed = moments.map(async ({ argv, milliseconds }) => {
    const running = await at.start(argv);
    await running.printed('repeat with: ');
    await sleep(milliseconds);
    running.kill('SIGKILL');
    await running.ended;
  });
  const hung = await at.start([...SOUND, ...ONE_PROPERTY, '--pg-bin', hangingTools(at), '--url', url]);
  while ((await hanging()) === 0) await sleep(20);
  hung.kill('SIGKILL');
  await Promise.all([...killed, hung.ended]);
  expectWholeFiles(at);
  expect(await at.leftovers()).not.toEqual([]);
  expect(await server.ourDatabases()).not.toEqual([]);

  const next = [[], ['--url', url], ['--url', url]];
  const ended = await Promise.all(next.map((argv) => at.run([...SOUND, ...argv])));
  expect(ended.map(({ exitCode, err, out }) => ({ exitCode, err, last: out.at(-1) }))).toEqual(
    next.map(() => ({ exitCode: 0, err: [], last: 'PASS  every case as predicted' })),
  );
  expect(await at.leftovers()).toEqual([]);
  expect(await server.ourDatabases()).toEqual([]);
  expect(await hanging()).toBe(0);
});
