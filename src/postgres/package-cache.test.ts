import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  buildDirectory,
  cacheDirectory,
  cachedInstallation,
  publishTree,
  treeDirectory,
} from './package-cache.ts';

let home: string;
let environment: Record<string, string>;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'restoreproof-cache-'));
  await chmod(home, 0o755);
  environment = { HOME: home, XDG_CACHE_HOME: join(home, 'xdg') };
});

afterEach(() => rm(home, { recursive: true, force: true }));

/** A tree whose programs are scripts that print a version. */
async function makeTree(tree: string, version = '15.18'): Promise<string> {
  const bin = join(tree, 'usr/lib/postgresql/15/bin');
  await mkdir(bin, { recursive: true });
  for (const name of ['postgres', 'initdb', 'psql', 'pg_dump', 'pg_restore']) {
    await writeFile(join(bin, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`, { mode: 0o755 });
  }
  return tree;
}

async function publish(version?: string): Promise<string> {
  const tree = await treeDirectory(environment);
  const build = await buildDirectory(join(tree, '..'));
  await publishTree(await makeTree(join(build, 'tree'), version), tree);
  await rm(build, { recursive: true });
  return tree;
}

test('a user’s cache is in XDG_CACHE_HOME, else in ~/.cache', async () => {
  expect(await cacheDirectory({ HOME: '/h', XDG_CACHE_HOME: '/x' }, false)).toBe('/x/restoreproof');
  expect(await cacheDirectory({ HOME: '/h' }, false)).toBe('/h/.cache/restoreproof');
  expect(await cacheDirectory({ HOME: '/h', XDG_CACHE_HOME: 'relative' }, false)).toBe(
    '/h/.cache/restoreproof',
  );
});

test('root’s cache is where the server’s user may enter', async () => {
  expect(await cacheDirectory({ HOME: '/root' }, true)).toBe('/var/cache/restoreproof');
  expect(await cacheDirectory(environment, true)).toBe(join(home, 'xdg/restoreproof'));
  await chmod(home, 0o700);
  expect(await cacheDirectory(environment, true)).toBe('/var/cache/restoreproof');
});

test('only a published tree is taken', async () => {
  expect(await cachedInstallation(environment)).toBeUndefined();
  await makeTree(await treeDirectory(environment));
  expect(await cachedInstallation(environment)).toBeUndefined();
  const tree = await publish();
  expect(await cachedInstallation(environment)).toEqual({
    directory: join(tree, 'usr/lib/postgresql/15/bin'),
    version: { major: 15, minor: 18, text: '15.18' },
    source: 'fetched with apt-get',
    missing: [],
  });
});

test('a tree whose programs stopped working is not taken, and is replaced', async () => {
  const tree = await publish();
  await rm(join(tree, 'usr/lib/postgresql/15/bin/pg_restore'));
  expect(await cachedInstallation(environment)).toBeUndefined();
  await publish('15.19');
  expect((await cachedInstallation(environment))?.version.text).toBe('15.19');
});

test('the first of two concurrent runs stays', async () => {
  await publish('15.18');
  const tree = await publish('15.19');
  expect((await cachedInstallation(environment))?.version.text).toBe('15.18');
  expect(await readdir(join(tree, '..'))).toHaveLength(1);
});

test('what killed runs left is removed after a day, and not before', async () => {
  const cache = await cacheDirectory(environment);
  const [old, recent] = [await buildDirectory(cache), await buildDirectory(cache)];
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
  await utimes(old, twoDaysAgo, twoDaysAgo);
  const next = await buildDirectory(cache);
  expect((await readdir(cache)).map((name) => join(cache, name)).sort()).toEqual([recent, next].sort());
});
