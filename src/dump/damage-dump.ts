import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Damage } from '../case/case.ts';

/** Blocks as disks and copying programs know them, in bytes. */
const BLOCK = 512;

/**
 * Damages one file of a dump, in place.
 * @param archives of the dump: files, or directories of files
 * @returns whether anything is other than before: two equal blocks may change places
 */
export async function damageDump(archives: readonly string[], damage: Damage): Promise<boolean> {
  const files = (await Promise.all(archives.map(filesOf))).flat();
  const file = pick(files, damage.file);
  if (file === undefined) return false;
  if (damage.kind === 'file-missing') {
    await rm(file);
    return true;
  }
  if (damage.kind === 'files-swapped') return await swapFiles(file, pick(files, damage.other ?? 0) ?? file);
  const before = await readFile(file);
  const after = spoil(before, damage);
  if (after.equals(before)) return false;
  await writeFile(file, after);
  return true;
}

/** The bytes of a file with one damage; a file that is too short for it stays as it is. */
export function spoil(bytes: Buffer, { kind, at, bit = 0, byte = 0, other = 0 }: Damage): Buffer {
  const position = Math.floor(at * bytes.length);
  const [head, tail] = [bytes.subarray(0, position), bytes.subarray(position)];
  if (kind === 'byte-inserted') return Buffer.concat([head, Buffer.of(byte), tail]);
  if (bytes.length === 0) return bytes;
  if (kind === 'truncated') return head;
  if (kind === 'byte-deleted') return Buffer.concat([head, tail.subarray(1)]);
  if (kind === 'bit-flipped') {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(position) ^ (1 << bit), position);
    return flipped;
  }
  return swapBlocks(bytes, at, other);
}

/** The last block may be a short one. */
function swapBlocks(bytes: Buffer, at: number, other: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes.length / BLOCK) }, (_, index) =>
    bytes.subarray(index * BLOCK, (index + 1) * BLOCK),
  );
  const [one, two] = [Math.floor(at * blocks.length), Math.floor(other * blocks.length)];
  return Buffer.concat(
    blocks.map((block, index) => blocks[index === one ? two : index === two ? one : index] ?? block),
  );
}

async function swapFiles(one: string, other: string): Promise<boolean> {
  if ((await readFile(one)).equals(await readFile(other))) return false;
  await rename(one, `${one}.swapped`);
  await rename(other, one);
  await rename(`${one}.swapped`, other);
  return true;
}

/** In the order of their names, so that the same fraction is the same file. */
async function filesOf(archive: string): Promise<string[]> {
  if (!(await stat(archive)).isDirectory()) return [archive];
  return (await readdir(archive)).toSorted().map((name) => join(archive, name));
}

function pick<T>(values: readonly T[], fraction: number): T | undefined {
  return values[Math.floor(fraction * values.length)];
}
