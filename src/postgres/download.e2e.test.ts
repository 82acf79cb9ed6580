import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NoVerdictError, UsageError } from '../errors.ts';
import { connect } from './connection.ts';
import { canDownload, downloadInstallation } from './download.ts';
import { openLocalEngine } from './local-engine.ts';
import { cachedInstallation, treeDirectory } from './package-cache.ts';

let home: string;
let zoneinfo: string;
let environment: Record<string, string>;
let said: string[];
const say = (line: string): number => said.push(line);

beforeEach(async () => {
  said = [];
  home = await mkdtemp(join(tmpdir(), 'restoreproof-download-'));
  await chmod(home, 0o755);
  zoneinfo = join(home, 'zoneinfo');
  await mkdir(zoneinfo);
  await writeFile(join(zoneinfo, 'UTC'), '');
  environment = {
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    PATH: `${join(home, 'bin')}:/usr/bin:/bin`,
  };
});

afterEach(() => rm(home, { recursive: true, force: true }));

async function refused(options: { signal?: AbortSignal } = {}): Promise<unknown> {
  return downloadInstallation({ say, environment, zoneinfo, ...options }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function leftBehind(): Promise<string[]> {
  return readdir(join(home, 'cache/restoreproof')).catch(() => []);
}

describe('with a pretended apt', () => {
  const WORKS = {
    update: '',
    show: 'echo "Depends: postgresql-15"',
    install: `for p in postgresql-15 postgresql-client-15; do echo "'x' \${p}_1%3a2_all.deb 1500000 "; done`,
    download: 'shift $(($# - 2)); for p in "$@"; do touch "$p.deb"; done',
    unpack: `bin="$3/usr/lib/postgresql/15/bin"; mkdir -p "$bin"
      for p in postgres initdb psql pg_dump pg_restore; do
        printf '#!/bin/sh\\necho "x (PostgreSQL) 15.18"\\n' > "$bin/$p"; chmod 755 "$bin/$p"; done`,
  };

  async function pretendApt(changed: Partial<typeof WORKS> = {}): Promise<void> {
    const { unpack, ...steps } = { ...WORKS, ...changed };
    const cases = Object.entries(steps).map(([name, script]) => `*" ${name} "*) ${script || ':'} ;;`);
    const apt = `#!/bin/sh\ncase " $* " in\n${cases.join('\n')}\nesac\n`;
    await mkdir(join(home, 'bin'));
    for (const [name, script] of Object.entries({
      'apt-get': apt,
      'apt-cache': apt,
      'dpkg-deb': `#!/bin/sh\n${unpack}\n`,
    })) {
      await writeFile(join(home, 'bin', name), script, { mode: 0o755 });
    }
  }

  test('says one line, and fetches once', async () => {
    await pretendApt();
    const installation = await downloadInstallation({ say, environment, zoneinfo });
    const tree = await treeDirectory(environment);
    expect(said).toEqual([`fetching PostgreSQL 15 with apt-get into ${tree} (about 3 MB)`]);
    expect(installation.version.text).toBe('15.18');
    expect(await downloadInstallation({ say, environment, zoneinfo })).toEqual(installation);
    expect(said).toHaveLength(1);
  });

  test('concurrent runs all end with the same complete tree', async () => {
    await pretendApt({ download: `sleep 0.2; ${WORKS.download}` });
    const runs = Array.from({ length: 4 }, () => downloadInstallation({ say, environment, zoneinfo }));
    const [first, ...others] = await Promise.all(runs);
    for (const other of others) expect(other).toEqual(first);
    expect(await leftBehind()).toHaveLength(1);
  });

  test('without network: no verdict, with the line that says why and the command that helps', async () => {
    const unreachable = 'W: Failed to fetch x  Temporary failure resolving';
    await pretendApt({
      update: `echo "${unreachable}" >&2`,
      show: 'echo "E: No packages found" >&2; exit 100',
    });
    const error = await refused();
    expect(error).toBeInstanceOf(NoVerdictError);
    expect(error).toMatchObject({ why: unreachable, next: expect.stringContaining('install PostgreSQL') });
    expect(await leftBehind()).toEqual([]);
  });

  test('packages that are installed and cannot be fetched are no plan', async () => {
    await pretendApt({ install: '' });
    expect(await refused()).toMatchObject({ message: expect.stringContaining('no source of postgresql-15') });
    expect(said).toEqual([]);
  });

  test('a full disk or a broken package leaves nothing', async () => {
    await pretendApt({ unpack: 'echo "dpkg-deb: error: No space left on device" >&2; exit 2' });
    const error = await refused();
    expect(error).toBeInstanceOf(NoVerdictError);
    expect(error).toMatchObject({ why: 'dpkg-deb: error: No space left on device' });
    expect(await leftBehind()).toEqual([]);
  });

  test('programs that do not start are not kept', async () => {
    const broken = `${WORKS.unpack}; printf '#!/bin/sh\\necho "libx.so.1: not found" >&2; exit 127\\n' > "$bin/psql"`;
    await pretendApt({ unpack: broken });
    expect(await refused()).toMatchObject({ why: 'libx.so.1: not found' });
    expect(await leftBehind()).toEqual([]);
  });

  test('an abort ends apt-get and leaves nothing', async () => {
    await pretendApt({ update: `echo $$ > "${join(home, 'pid')}"; exec sleep 60` });
    const abort = new AbortController();
    const reason = new Error('enough');
    const run = refused({ signal: abort.signal });
    while (!existsSync(join(home, 'pid'))) await setTimeout(20);
    abort.abort(reason);
    expect(await run).toBe(reason);
    expect(await leftBehind()).toEqual([]);
  });

  test('a cache directory that cannot be made is a matter of usage', async () => {
    await pretendApt();
    await mkdir(join(home, 'cache'));
    await writeFile(join(home, 'cache/restoreproof'), 'a file');
    const error = await refused();
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ next: expect.stringContaining('XDG_CACHE_HOME') });
  });

  test('without time zone data nothing is fetched', async () => {
    await pretendApt();
    await rm(join(zoneinfo, 'UTC'));
    const error = await refused();
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ next: expect.stringContaining('tzdata') });
  });
});

test('without apt-get it is refused with the command to install', async () => {
  environment['PATH'] = join(home, 'bin');
  expect(await canDownload(environment)).toBe(false);
  expect(await refused()).toBeInstanceOf(UsageError);
});

const possible = (await canDownload()) && existsSync('/usr/share/zoneinfo/UTC');

test.skipIf(!possible)(
  'the distribution’s server runs from the cache on its own libraries',
  async ({ skip }) => {
    // As if nothing were installed: every library but libc has to come with it.
    const dpkgStatus = join(home, 'status');
    await writeFile(dpkgStatus, '');
    const real = { ...process.env, XDG_CACHE_HOME: join(home, 'cache') };
    const installation = await downloadInstallation({ say, environment: real, dpkgStatus }).catch(
      (error: unknown) => {
        if (error instanceof NoVerdictError && error.why?.includes('Failed to fetch')) skip(error.why);
        throw error;
      },
    );
    expect(said).toHaveLength(1);
    expect(await cachedInstallation(real)).toEqual(installation);
    const tree = await treeDirectory(real);
    for (const program of ['postgres', 'initdb', 'psql', 'pg_dump', 'pg_restore']) {
      const { stdout } = await execa(join(installation.directory, program), {
        // What ldd does: the loader lists the libraries instead of starting the program.
        env: { LD_TRACE_LOADED_OBJECTS: '1', LD_LIBRARY_PATH: installation.libraryPath },
      });
      const elsewhere = stdout.split('\n').filter((line) => !line.includes(`=> ${tree}/`));
      expect(
        elsewhere.filter((line) => !/\b(linux-vdso|ld-linux|lib(c|m|resolv|pthread|dl|rt)\.so)/.test(line)),
      ).toEqual([]);
    }
    await using engine = await openLocalEngine({ installation });
    await using connection = await connect(engine.connectionTo(engine.maintenanceDatabase), { jit: 'on' });
    await connection.query('CREATE EXTENSION pgcrypto');
    await connection.query("SET TimeZone = 'America/New_York'; SET jit_above_cost = 0");
    const { rows } = await connection.query<Record<string, unknown>>(
      `SELECT encode(digest('a', 'sha256'), 'hex') AS digest, sum(n) AS sum, pg_jit_available() AS jit
         FROM generate_series(1, 1000) AS n`,
    );
    expect(rows).toEqual([
      {
        digest: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
        sum: '500500',
        jit: false,
      },
    ]);
  },
);
