import { execa } from 'execa';
import { chown, lstat, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { initdbAttempts } from './postgres/throwaway-cluster.ts';
import { testTools } from './testing.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'clusters-'));
  const { uid, gid } = await account();
  await chown(directory, uid, gid);
});
afterEach(() => rm(directory, { recursive: true }));

async function account(): Promise<{ uid: number; gid: number }> {
  const { uid, gid } = await lstat(inject('server').settings.host);
  return { uid, gid };
}

async function initdb(bin: string, argv: readonly string[]) {
  return execa(join(bin, 'initdb'), argv, { ...(await account()), cwd: directory, reject: false });
}

/** A cluster of a test, made as throwaway servers are; and the file that tells it from every other one. */
async function control(name: string): Promise<Buffer> {
  const data = join(directory, name);
  const attempts = initdbAttempts(data, testTools().version);
  for (const argv of attempts) if ((await initdb(inject('server').testBin, argv)).exitCode === 0) break;
  expect((await lstat(data)).mode & 0o777).toBe(0o700);
  return readFile(join(data, 'global/pg_control'));
}

test('a second cluster of the same options is a copy of the first', async () => {
  expect((await control('b')).equals(await control('a'))).toBe(true);
});

test.each([
  ['a question', ['--version']],
  ['a directory that is there', ['-D', '/', '-U', 'postgres']],
  ['an option that names a file', ['-D', 'new', '--pwfile=/nowhere']],
])('%s is left to the true initdb', async (_, argv) => {
  const { testBin, pgBin } = inject('server');
  const answer = await initdb(testBin, argv);
  const truth = await initdb(pgBin, argv);
  expect([answer.exitCode, answer.stdout, answer.stderr]).toEqual([
    truth.exitCode,
    truth.stdout,
    truth.stderr,
  ]);
});
