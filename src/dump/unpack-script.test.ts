import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openThrowawayDirectory } from '../postgres/throwaway-directory.ts';
import { unpackScript } from './unpack-script.ts';

async function unpacked(bytes: Buffer): Promise<{ name: string; content: string }> {
  await using directory = await openThrowawayDirectory();
  const file = join(directory.path, 'a.dump');
  await writeFile(file, bytes);
  const script = await unpackScript(file);
  return { name: script.slice(directory.path.length), content: await readFile(script, 'utf8') };
}

test('a script is left alone, also an empty one', async () => {
  expect(await unpacked(Buffer.from('SELECT 1;'))).toEqual({ name: '/a.dump', content: 'SELECT 1;' });
  expect(await unpacked(Buffer.alloc(0))).toEqual({ name: '/a.dump', content: '' });
});

test('gzip is unpacked beside the file', async () => {
  expect(await unpacked(gzipSync('SELECT 1;'))).toEqual({ name: '/a.dump.unpacked', content: 'SELECT 1;' });
});

test.each([
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
])('%s is refused', async (method, magic) => {
  await expect(unpacked(Buffer.from(magic))).rejects.toThrow(
    `compressed by ${method} cannot be given to psql`,
  );
});
