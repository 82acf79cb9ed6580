import { createReadStream } from 'node:fs';
import { open, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { firstLine, UsageError } from '../errors.ts';

/** An operator's dump, as it lies there. */
export interface DumpFile {
  /** As its user named it. */
  readonly path: string;
  /** Where it is, absolute and without symbolic links. */
  readonly place: string;
  readonly format: 'custom' | 'tar' | 'directory' | 'plain';
  /** The whole file went through gzip, after pg_dump. */
  readonly gzipped: boolean;
  readonly bytes: number;
  /** What a tool has to see that is given its place: it, and where the links in a directory lead. */
  readonly reads: readonly string[];
}

const NEXT = 'name what pg_dump wrote: a custom or tar archive, a directory, or a script, also a gzipped one';

/**
 * Tells what a dump is by its first bytes; names say nothing.
 * @throws UsageError for what cannot be read, is no dump, or has to be unpacked or decrypted first
 */
export async function openDump(path: string): Promise<DumpFile> {
  try {
    const place = await realpath(path);
    const found = await stat(place);
    if (found.isDirectory()) return await openDirectory(path, place);
    const start = await firstBytes(path);
    const gzipped = start.subarray(0, GZIP.length).equals(GZIP);
    const format = formatOf(gzipped ? await firstUnpacked(path) : start, path);
    return { path, place, format, gzipped, bytes: found.size, reads: gzipped ? [] : [place] };
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError({
      what: `the dump ${path} cannot be read`,
      why: firstLine(cause),
      next: NEXT,
      cause,
    });
  }
}

/** The bytes of a dump that is one file, unpacked. */
export function readDump({ path, gzipped }: Pick<DumpFile, 'path' | 'gzipped'>): Readable {
  const packed = createReadStream(path);
  if (!gzipped) return packed;
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  return packed.pipe(unpacked);
}

async function openDirectory(path: string, place: string): Promise<DumpFile> {
  const entries = await readdir(place, { withFileTypes: true });
  if (!entries.some(({ name }) => name === 'toc.dat')) {
    const why = 'it has no toc.dat, the table of contents of the directory format';
    throw new UsageError({ what: `the directory ${path} is no dump`, why, next: NEXT });
  }
  const sizes = await Promise.all(entries.map(async ({ name }) => (await stat(join(place, name))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const links = entries.filter((entry) => entry.isSymbolicLink());
  const targets = await Promise.all(
    links.map(async ({ name }) => resolve(place, await readlink(join(place, name)))),
  );
  const outside = targets.filter((target) => !target.startsWith(`${place}${sep}`));
  const reads = [place, ...new Set(outside)];
  return { path, place, format: 'directory', gzipped: false, bytes, reads };
}

const START_BYTES = 4096;

async function firstBytes(path: string): Promise<Buffer> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

async function firstUnpacked(path: string): Promise<Buffer> {
  const unpacked = readDump({ path, gzipped: true });
  try {
    let start = Buffer.alloc(0);
    for await (const chunk of unpacked) {
      start = Buffer.concat([start, chunk as Buffer]);
      if (start.length >= START_BYTES) break;
    }
    return start;
  } finally {
    unpacked.destroy();
  }
}

const GZIP = Buffer.from([0x1f, 0x8b]);

/** Where POSIX tar has its mark (pax(1), ustar interchange format). */
const TAR_MARK = { at: 257, text: 'ustar' };

const SEALED: readonly (readonly [name: string, start: string, first: string])[] = [
  ['zstd', '\x28\xb5\x2f\xfd', 'unpack it first: zstd --decompress'],
  ['lz4', '\x04\x22\x4d\x18', 'unpack it first: lz4 --decompress'],
  ['xz', '\xfd7zXZ', 'unpack it first: xz --decompress'],
  ['bzip2', 'BZh', 'unpack it first: bzip2 --decompress'],
  ['zip', 'PK\x03\x04', 'unpack it first'],
  ['age', 'age-encryption.org/', 'decrypt it first: age --decrypt'],
  ['age', '-----BEGIN AGE ENCRYPTED FILE', 'decrypt it first: age --decrypt'],
  ['PGP', '-----BEGIN PGP MESSAGE', 'decrypt it first: gpg --decrypt'],
];

function formatOf(start: Buffer, path: string): DumpFile['format'] {
  const text = start.toString('latin1');
  if (text.startsWith('PGDMP')) return 'custom';
  if (text.startsWith(TAR_MARK.text, TAR_MARK.at)) return 'tar';
  const sealed = SEALED.find(([, mark]) => text.startsWith(mark));
  if (sealed) {
    const [name, , next] = sealed;
    throw new UsageError({ what: `${path} is packed or encrypted by ${name}`, next });
  }
  if (/^-- PostgreSQL database cluster dump$/m.test(text)) {
    throw new UsageError({
      what: `${path} is a dump of a whole server, by pg_dumpall`,
      why: 'a drill restores one database',
      next: 'dump the database by itself; docs/pipelines/dumpall.yaml tries pg_dumpall on generated rows',
    });
  }
  if (start.length > 0 && !start.includes(0) && /^\s*(--|SET |CREATE |BEGIN|\\|\/\*|$)/m.test(text))
    return 'plain';
  const why = start.length === 0 ? 'it is empty' : 'it is neither an archive of pg_dump nor a script';
  throw new UsageError({ what: `${path} is no dump`, why, next: NEXT });
}
