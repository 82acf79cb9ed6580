import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { firstLine, UsageError } from '../errors.ts';

/** One `NNNNNN_name.up.sql` file, as it was read. */
export interface Migration {
  /** The file's name without directory. */
  readonly name: string;
  readonly path: string;
  /** Its text without byte order mark. */
  readonly sql: string;
  /** Of the file's bytes, in lower-case hexadecimal. */
  readonly sha256: string;
}

const UP = '.up.sql';
const NUMBERED_UP = /^(\d+).*\.up\.sql$/s;
const LOOKED_FOR = 'migrations are files named NNNNNN_name.up.sql, as golang-migrate names them';

/**
 * The migrations of a directory, in lexical order of their names (code units): `NNNNNN_name.up.sql`, any count of
 * leading digits. Everything else in the directory is ignored, subdirectories too.
 *
 * @throws UsageError where the directory or a file cannot be read, there is no migration in it, two have the same
 *   number, or one is not UTF-8 text
 */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = await fileNames(directory);
  const migrations = names.filter((name) => NUMBERED_UP.test(name)).sort();
  if (migrations.length === 0) throw noMigrations(directory, names);
  refuseSameNumber(migrations);
  return Promise.all(migrations.map((name) => readMigration(directory, name)));
}

/** True where the order of the names is another one than that of the numbers: `10_b` comes before `2_a`. */
export function ordersDiffer(names: readonly string[]): boolean {
  const numbers = names.map(numberOf);
  return numbers.some((number, at) => at > 0 && number < (numbers[at - 1] ?? number));
}

async function fileNames(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    throw new UsageError({
      what: `the directory of migrations ${directory} cannot be read`,
      why: DIRECTORY_FAULTS[codeOf(error)] ?? firstLine(error),
      next: 'give --migrations a directory of NNNNNN_name.up.sql files that this user may read',
      cause: error,
    });
  }
}

const DIRECTORY_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such directory',
  ENOTDIR: 'it is not a directory',
  EACCES: 'permission denied',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function noMigrations(directory: string, names: readonly string[]): UsageError {
  const unnumbered = names.find((name) => name.endsWith(UP));
  const other = names.find((name) => name.endsWith('.sql') && !name.endsWith('.down.sql'));
  const why = unnumbered
    ? `there are .up.sql files whose names do not begin with a number, such as ${unnumbered}`
    : other && `there are .sql files without .up in their names, such as ${other}`;
  return new UsageError({
    what: `there is no migration in ${directory}`,
    why,
    next: `${LOOKED_FOR}: rename the files, or give --migrations another directory`,
  });
}

function numberOf(name: string): bigint {
  return BigInt(NUMBERED_UP.exec(name)?.[1] ?? 0);
}

function refuseSameNumber(names: readonly string[]): void {
  const seen = new Map<bigint, string>();
  for (const name of names) {
    const number = numberOf(name);
    const earlier = seen.get(number);
    if (earlier !== undefined) {
      throw new UsageError({
        what: `two migrations have the number ${number}: ${earlier} and ${name}`,
        next: 'give each migration a number of its own',
      });
    }
    seen.set(number, name);
  }
}

async function readMigration(directory: string, name: string): Promise<Migration> {
  const path = join(directory, name);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UsageError({
      what: `migration ${name} cannot be read`,
      why: firstLine(error),
      next: `look at ${path}`,
      cause: error,
    });
  });
  return { name, path, sql: decode(name, bytes), sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Strict UTF-8; a byte order mark at the beginning is dropped, as TextDecoder does by itself. */
function decode(name: string, bytes: Buffer): string {
  const zero = bytes.indexOf(0);
  if (zero !== -1) throw notText(name, `there is a zero byte in line ${lineOf(bytes, zero)}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw notText(name, `line ${firstBadLine(bytes)} has bytes that are no UTF-8`, error);
  }
}

function notText(name: string, why: string, cause?: unknown): UsageError {
  return new UsageError({
    what: `migration ${name} is not UTF-8 text`,
    why,
    next: 'save the file as UTF-8',
    cause,
  });
}

function lineOf(bytes: Buffer, offset: number): number {
  return bytes.subarray(0, offset).toString('latin1').split('\n').length;
}

function firstBadLine(bytes: Buffer): number {
  // A valid text comes out of a lenient decoding unchanged; no character of UTF-8 spans lines.
  const lines = bytes.toString('latin1').split('\n');
  return 1 + lines.findIndex((line) => Buffer.from(line, 'latin1').toString('utf8').includes('\uFFFD'));
}
