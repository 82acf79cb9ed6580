import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { chooseInstallation, findInstallations, type Installation } from './installations.ts';

const environment = { ...process.env, PATH: inject('server').path };
let directory: string;
let real: Installation;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'installations-'));
  real = chooseInstallation(await findInstallations({ environment }));
});
afterEach(() => rm(directory, { recursive: true }));

const nodeOnly = dirname(process.execPath);

async function usageError(promise: Promise<unknown>): Promise<UsageError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UsageError);
  if (!(error instanceof UsageError)) throw new Error('no UsageError');
  return error;
}

async function link(...programs: string[]): Promise<void> {
  for (const program of programs) await symlink(join(real.directory, program), join(directory, program));
}

test('a whole installation of this machine is found, each directory once', async () => {
  const found = await findInstallations({ environment });
  expect(real.missing).toEqual([]);
  expect(real.version.major).toBeGreaterThanOrEqual(13);
  expect(new Set(found.map((each) => each.directory)).size).toBe(found.length);
});

test('links in a PATH directory lead to the installation they point into', async () => {
  await link('pg_dump', 'psql');
  const found = await findInstallations({ environment: { PATH: directory } });
  const [same, ...more] = found.filter((each) => each.directory === real.directory);
  expect(same).toMatchObject({ source: 'PATH', version: real.version, missing: [] });
  expect(more).toEqual([]);
});

test('a directory of links with a program of its own is taken as it is', async () => {
  await link('initdb', 'postgres', 'pg_dump', 'psql');
  await writeFile(join(directory, 'pg_restore'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  expect(await findInstallations({ pgBin: directory })).toMatchObject([{ directory, missing: [] }]);
});

test("Debian's pg_wrapper is no installation", async () => {
  await writeFile(join(directory, 'pg_wrapper'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 99.1"\n', {
    mode: 0o755,
  });
  await symlink('pg_wrapper', join(directory, 'pg_dump'));
  const found = await findInstallations({ environment: { PATH: directory } });
  expect(found.filter(({ version }) => version.major === 99)).toEqual([]);
  const error = await usageError(findInstallations({ pgBin: directory }));
  expect(error.why).toMatch(/pg_wrapper, which picks a version by itself/);
});

test('a client-only installation is listed with what it lacks', async () => {
  await writeFile(join(directory, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 99.1"\n', {
    mode: 0o755,
  });
  const [found] = await findInstallations({ environment: { PATH: `${directory}:${nodeOnly}` } });
  expect(found).toMatchObject({
    directory,
    version: { major: 99, minor: 1 },
    missing: ['initdb', 'postgres', 'pg_restore', 'psql'],
  });
  expect(() => chooseInstallation(found ? [found] : [], { major: 99 })).toThrow(UsageError);
});

test('pg_config is asked', async () => {
  const home = join(directory, 'home');
  await mkdir(home);
  await writeFile(join(home, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 98.2"\n', { mode: 0o755 });
  await writeFile(join(directory, 'pg_config'), `#!/bin/sh\necho ${home}\n`, { mode: 0o755 });
  const [found] = await findInstallations({ environment: { PATH: directory } });
  expect(found).toMatchObject({ directory: home, source: 'pg_config', version: { major: 98 } });
});

test('a libpq that came with the programs is named', async () => {
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await mkdir(join(directory, 'lib'));
  await writeFile(join(directory, 'lib', 'libpq.so.5'), '');
  await writeFile(join(bin, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 97.0 $LD_LIBRARY_PATH"\n');
  await chmod(join(bin, 'pg_dump'), 0o755);
  const [found] = await findInstallations({ pgBin: bin });
  expect(found?.libraryPath).toBe(process.platform === 'linux' ? join(directory, 'lib') : undefined);
  expect(real.directory.startsWith('/usr/lib/postgresql') && real.libraryPath).toBeFalsy();
});

test('--pg-bin is the only place looked in, and must hold programs that run', async () => {
  expect(await findInstallations({ pgBin: real.directory })).toMatchObject([
    { directory: real.directory, source: '--pg-bin' },
  ]);
  const unknown = await usageError(findInstallations({ pgBin: join(directory, 'nowhere') }));
  expect(unknown.why).toBe('there is no such directory');
  const empty = await usageError(findInstallations({ pgBin: directory }));
  expect(empty.why).toBe('neither pg_dump nor postgres is there');
  await writeFile(join(directory, 'pg_dump'), '#!/bin/sh\necho broken library >&2; exit 127\n', {
    mode: 0o755,
  });
  const broken = await usageError(findInstallations({ pgBin: directory }));
  expect(broken.why).toBe('broken library');
});

function make(major: number, missing: string[] = []): Installation {
  const version = { major, minor: 1, text: `${major}.1` };
  return { directory: `/pg/${major}`, version, source: 'PATH', missing };
}

function reason(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return `${error.message}: ${error.why}; ${error.next}`;
  }
  return '';
}

test('the newest whole installation is chosen, or the reason why there is none is told', () => {
  const all = [make(18, ['initdb', 'postgres']), make(17), make(15)];
  expect(chooseInstallation(all).version.major).toBe(17);
  expect(chooseInstallation(all, { major: 15 }).version.major).toBe(15);
  expect(reason(() => chooseInstallation(all, { major: 18 }))).toMatch(/\/pg\/18 has no initdb, postgres/);
  expect(reason(() => chooseInstallation([make(15)], { major: 17 }))).toMatch(
    /no PostgreSQL 17 .*found only 15\.1 in \/pg\/15; .*--pg 15/,
  );
  expect(reason(() => chooseInstallation([]))).toMatch(/no PostgreSQL was found .*looked in PATH/);
});
