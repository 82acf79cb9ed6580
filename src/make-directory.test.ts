import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDirectory } from './make-directory.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'make-directory-'));
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

test('what is missing is made, what is there stays', async () => {
  await makeDirectory(join(root, 'a', 'b', 'c'));
  await makeDirectory(join(root, 'a', 'b', 'c'));
  expect((await stat(join(root, 'a', 'b', 'c'))).isDirectory()).toBe(true);
});

test('a file in the way is an error', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(makeDirectory(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeDirectory(join(root, 'file', 'below'))).rejects.toMatchObject({ code: 'EEXIST' });
});

test.skipIf(process.platform !== 'linux')(
  'a place where nothing can be made is an error, at once',
  async () => {
    await expect(makeDirectory('/proc/restoreproof/below')).rejects.toMatchObject({ code: 'ENOENT' });
  },
);
