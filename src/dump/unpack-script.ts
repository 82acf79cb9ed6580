import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../errors.ts';

const METHODS = [
  { name: 'gzip', magic: Buffer.from([0x1f, 0x8b]) },
  { name: 'lz4', magic: Buffer.from([0x04, 0x22, 0x4d, 0x18]) },
  { name: 'zstd', magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) },
];

/**
 * A plain dump under `--compress` is a compressed script, which psql cannot read; gzip is unpacked beside it.
 * Which it is, is told by its first bytes: the default differs between methods and versions.
 *
 * @returns the file that psql can read
 * @throws UsageError for lz4 and zstd, which Node.js 20 cannot unpack
 */
export async function unpackScript(file: string): Promise<string> {
  const start = await firstBytes(file, 4);
  const method = METHODS.find(({ magic }) => start.subarray(0, magic.length).equals(magic));
  if (!method) return file;
  if (method.name !== 'gzip') {
    throw new UsageError({
      what: `a plain dump compressed by ${method.name} cannot be given to psql`,
      why: 'only gzip is unpacked here',
      next: 'take the custom or the directory format for that method',
    });
  }
  const script = `${file}.unpacked`;
  await pipeline(createReadStream(file), createGunzip(), createWriteStream(script));
  return script;
}

async function firstBytes(file: string, count: number): Promise<Buffer> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
  return buffer.subarray(0, bytesRead);
}
