import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openThrowawayDirectory, sweepThrowawayDirectories } from './throwaway-directory.ts';

let place: string;
const root = process.geteuid?.() === 0;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'sweep-'));
  await chmod(place, 0o711);
  vi.stubEnv('TMPDIR', place);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true, force: true });
});

/** The directory as a process that has died left it behind. */
async function abandon(path: string): Promise<void> {
  const dead = spawn('sleep', ['0']);
  await once(dead, 'exit');
  await rewriteOwner(path, 0, String(dead.pid));
}

async function rewriteOwner(path: string, line: number, text: string): Promise<void> {
  const lines = (await readFile(join(path, 'owner'), 'utf8')).split('\n');
  await writeFile(join(path, 'owner'), lines.with(line, text).join('\n'));
}

test('it is private, and gone when disposed of', async () => {
  let path = '';
  {
    await using directory = await openThrowawayDirectory();
    ({ path } = directory);
    expect(path.startsWith(join(place, 'restoreproof-'))).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(root ? 0o710 : 0o700);
    const server = await stat(directory.serverDirectory);
    expect(server.mode & 0o777).toBe(0o700);
    expect(server.uid === 0).toBe(false);
    await writeFile(join(path, 'anything'), '');
    expect(await sweepThrowawayDirectories()).not.toContain(path);
    expect(existsSync(path)).toBe(true);
  }
  expect(existsSync(path)).toBe(false);
});

test('/tmp is taken where the path of a socket would be too long, or the server could not enter', async () => {
  const long = join(place, 'x'.repeat(80));
  await mkdir(long);
  const closed = join(place, 'closed');
  await mkdir(closed, { mode: 0o700 });
  for (const temporary of root ? [long, closed] : [long]) {
    vi.stubEnv('TMPDIR', temporary);
    await using directory = await openThrowawayDirectory();
    expect(directory.path).toMatch(/^(\/private)?\/tmp\/restoreproof-[^/]+$/);
  }
});

test('a sweep removes what a dead process left, and what a process with a reused number did not make', async () => {
  await using dead = await openThrowawayDirectory();
  await using reused = await openThrowawayDirectory();
  await abandon(dead.path);
  await rewriteOwner(reused.path, 1, '1');
  const removed = await sweepThrowawayDirectories();
  expect(removed).toEqual(expect.arrayContaining([dead.path, reused.path]));
  expect(existsSync(dead.path) || existsSync(reused.path)).toBe(false);
});

test('a sweep removes what a process killed but not waited for by its parent left', async () => {
  await using directory = await openThrowawayDirectory();
  // The shell becomes a sleep that never waits for its child.
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 20']);
  const printed = String((await once(parent.stdout, 'data'))[0]);
  await rewriteOwner(directory.path, 0, printed.trim());
  expect(await sweepThrowawayDirectories()).toContain(directory.path);
  parent.kill('SIGKILL');
});

test.runIf(process.platform === 'linux')('processes of another namespace cannot be told dead', async () => {
  await using directory = await openThrowawayDirectory();
  await abandon(directory.path);
  await rewriteOwner(directory.path, 3, 'pid:[1]');
  expect(await sweepThrowawayDirectories()).not.toContain(directory.path);
  await rewriteOwner(directory.path, 2, 'an earlier boot');
  expect(await sweepThrowawayDirectories()).toContain(directory.path);
});

test('a sweep leaves alone what is not surely ours: links, open directories, ones just being made', async () => {
  await using target = await openThrowawayDirectory();
  await abandon(target.path);
  const kept = ['link', 'open', 'young'].map((name) => join(place, `restoreproof-${name}`));
  const [link = '', open = '', young = ''] = kept;
  const elsewhere = join(place, 'elsewhere');
  await mkdir(elsewhere, { mode: 0o700 });
  await writeFile(join(elsewhere, 'owner'), await readFile(join(target.path, 'owner')));
  await symlink(elsewhere, link);
  await mkdir(open);
  await chmod(open, 0o777);
  await writeFile(join(open, 'owner'), await readFile(join(target.path, 'owner')));
  await mkdir(young, { mode: 0o700 });
  const removed = await sweepThrowawayDirectories();
  expect(removed).toContain(target.path);
  expect(removed.filter((path) => kept.includes(path))).toEqual([]);
  expect(existsSync(join(elsewhere, 'owner'))).toBe(true);
});

test('a sweep does not stop a process that postmaster.pid names but that is no server of the directory', async () => {
  await using directory = await openThrowawayDirectory();
  const bystander = spawn('sleep', ['20']);
  await once(bystander, 'spawn');
  await mkdir(directory.dataDirectory);
  const pidFile = join(directory.dataDirectory, 'postmaster.pid');
  await writeFile(pidFile, `${bystander.pid}\n`);
  await utimes(pidFile, 0, 0);
  await abandon(directory.path);
  expect(await sweepThrowawayDirectories()).toContain(directory.path);
  expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  bystander.kill('SIGKILL');
});
