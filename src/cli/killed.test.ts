import { execa } from 'execa';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connect } from '../postgres/connection.ts';
import { testCluster, type TestCluster } from '../postgres/test-cluster.ts';
import { home, type Home } from './test-program.ts';

let cluster: TestCluster;
let url: string;

beforeAll(async () => {
  cluster = await testCluster(['host all all 127.0.0.1/32 trust']);
  await cluster.start();
  url = `postgres://postgres@127.0.0.1:${cluster.port}/postgres`;
});

afterAll(() => cluster[Symbol.asyncDispose]());

async function ourDatabases(): Promise<string[]> {
  await using connection = await connect(cluster.settings);
  const { rows } = await connection.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname LIKE 'restoreproof%'`,
  );
  return rows.map(({ datname }) => datname);
}

/** Every trial is a finding, so that files are written all the time. */
function faulty({ directory }: Home): string[] {
  writeFileSync(join(directory, 'fault.sql'), 'TRUNCATE audit_events;');
  const property = ['--property', 'the-fixed-cycle-is-faithful', '--no-corpus'];
  return ['fuzz', '--cases', '1000', '--lanes', '1', '--fault', 'fault.sql', ...property];
}

const SOUND = ['fuzz', '--seed', '1', '--cases', '1', '--no-corpus', '--lanes', '1'];
const ONE_PROPERTY = ['--property', 'the-fixed-cycle-is-faithful'];

/** The JSON files that are there have to be whole. */
function expectWholeFiles({ directory }: Home): void {
  const root = join(directory, 'counterexamples');
  const files = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
  for (const file of files.filter((name) => name.endsWith('.json')))
    expect(() => void JSON.parse(readFileSync(join(root, file), 'utf8'))).not.toThrow();
}

test('fuzz, killed at any moment, on its own servers and on one that stays: the next run sweeps and ends', async () => {
  await using at = await home();
  const moments = [
    { argv: [], milliseconds: 300 },
    { argv: ['--url', url], milliseconds: 60 },
    { argv: ['--url', url], milliseconds: 500 },
    { argv: ['--url', url], milliseconds: 1100 },
  ];
  const fault = faulty(at);
  await Promise.all(
    moments.map(async ({ argv, milliseconds }) => {
      const running = await at.start([...fault, ...argv]);
      await running.printed('repeat with: ');
      await sleep(milliseconds);
      running.kill('SIGKILL');
      await running.ended;
    }),
  );
  expectWholeFiles(at);
  expect(await at.leftovers()).not.toEqual([]);
  expect(await ourDatabases()).not.toEqual([]);
  const sound = [...SOUND, ...ONE_PROPERTY];
  expect(await at.run(sound)).toMatchObject({ exitCode: 0, err: [] });
  expect(await at.run([...sound, '--url', url])).toMatchObject({ exitCode: 0, err: [] });
  expect(await at.leftovers()).toEqual([]);
  expect(await ourDatabases()).toEqual([]);
});

test('a tool that hangs in a killed run is ended by the next one', async () => {
  await using at = await home();
  const { pgBin } = inject('server');
  const bin = join(at.directory, 'bin');
  mkdirSync(bin);
  for (const program of readdirSync(pgBin))
    if (program !== 'pg_dump') symlinkSync(join(pgBin, program), join(bin, program));
  const hangs = `case "$*" in *--file=*) sleep 1099 & wait;; *) exec ${join(pgBin, 'pg_dump')} "$@";; esac`;
  writeFileSync(join(bin, 'pg_dump'), `#!/bin/sh\n${hangs}\n`, { mode: 0o755 });
  const running = await at.start([...SOUND, ...ONE_PROPERTY, '--pg-bin', bin, '--url', url]);
  while ((await hanging()) === 0) await sleep(20);
  running.kill('SIGKILL');
  await running.ended;
  expect(await hanging()).toBe(1);
  expect(await at.run([...SOUND, ...ONE_PROPERTY, '--url', url])).toMatchObject({ exitCode: 0, err: [] });
  expect(await hanging()).toBe(0);
});

async function hanging(): Promise<number> {
  const { stdout } = await execa('ps', ['-eo', 'args'], { lines: true });
  return stdout.filter((line) => line === 'sleep 1099').length;
}

test('two runs side by side on one server do not meet', async () => {
  await using at = await home();
  const argv = ['--url', url, '--cases', '2', '--no-corpus', '--lanes', '1'];
  const run = async (seed: string) => await at.run(['fuzz', '--seed', seed, ...argv]);
  const both = await Promise.all([run('3'), run('4')]);
  for (const { out, err, exitCode } of both)
    expect({ last: out.at(-1), err, exitCode }).toEqual({
      last: 'PASS  every case as predicted',
      err: [],
      exitCode: 0,
    });
  expect(await ourDatabases()).toEqual([]);
  expect(await at.leftovers()).toEqual([]);
});

test('findings that cannot be written down are printed, and are no verdict', async () => {
  await using at = await home();
  const running = await at.start([...faulty(at), '--url', url]);
  // Where their folder belongs there is a file by now, as the disk may be full by now.
  await running.printed('repeat with: ');
  writeFileSync(join(at.directory, 'counterexamples'), '');
  const { exitCode, out } = await running.ended;
  expect(out.slice(-5)).toEqual([
    expect.stringMatching(/^ +1 × the-fixed-cycle-is-faithful--lossy--/),
    expect.stringContaining('faithful was predicted, and the trial was lossy'),
    expect.stringMatching(/not written down: .*unshrunk\.json cannot be written: \S/),
    expect.stringMatching(/--case \d+ of this seed draws it again$/),
    'NO VERDICT  1 finding, 1 of which could not be written down',
  ]);
  expect(exitCode).toBe(3);
});
