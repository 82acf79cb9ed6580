import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Case } from '../case/case.ts';
import { CLASHES } from '../case/draw-clash.ts';
import { smokeCase } from '../case/smoke-case.ts';
import type { World } from '../case/world.ts';
import { runDump } from '../dump/run-dump.ts';
import { parseVersion } from '../postgres/version.ts';
import { runRestore } from '../restore/run-restore.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { subjectDatabase, testDatabase, testTools } from '../testing.ts';
import { refusalOf } from './refusal.ts';
import { REJECTIONS, rejectionOf } from './rejections.ts';

const PLAIN: Case = { ...smokeCase(0), dump: { format: 'custom' }, restore: { tool: 'pg_restore' } };

function worldOf(version: string, compression = ['gzip']): World {
  const parsed = parseVersion(version);
  if (!parsed) throw new Error(version);
  return {
    subject: auditChain.traits,
    server: parsed,
    tools: parsed,
    compression,
    locales: ['C'],
    icu: true,
    superuser: true,
  };
}

/** Of all clashes: a dump changes nothing in it, and no restore goes there. */
let source: Awaited<ReturnType<typeof subjectDatabase>>;
beforeAll(async () => {
  source = await subjectDatabase(auditChain);
});
afterAll(() => source[Symbol.asyncDispose]());

/** The first error line of the tool that rejects, and its stage; a restore goes into an empty database. */
async function rejected(trial: Case): Promise<{ stage: string; line: string } | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'rejections-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
  const tools = testTools();
  const dumped = await runDump(trial, { tools, source: source.settings, directory });
  if (dumped.failed) return { stage: 'dump', line: refusalOf(dumped.failed).firstErrorLine };
  const { encoding = 'UTF8' } = trial.target.kind === 'fresh' ? trial.target : {};
  await using target = await testDatabase(`TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`);
  const { failed } = await runRestore(trial, {
    tools,
    archives: dumped.archives,
    target: target.settings,
    maintenance: { ...target.settings, database: 'postgres' },
  });
  return failed && { stage: 'restore', line: refusalOf(failed).firstErrorLine };
}

describe('each clash is rejected by the tools at hand as the registry says', () => {
  const world = worldOf(testTools().version.text);
  test.concurrent.each(CLASHES.map((clash, index) => ({ index, trial: clash(PLAIN) })))(
    '$index',
    async ({ trial }) => {
      const rejection = rejectionOf(trial, world, 'dump') ?? rejectionOf(trial, world, 'restore');
      const seen = await rejected(trial);
      expect(seen?.stage).toBe(rejection?.stage);
      expect(seen?.line ?? 'no tool objected').toMatch(rejection?.says ?? 'no tool objected');
    },
  );
});

test('every rejection has a clash that meets it, in some version', () => {
  const worlds = ['13.14', '15.18', '17.6', '18.1'].map((version) => worldOf(version));
  const met = new Set(
    CLASHES.map((clash) => clash(PLAIN)).flatMap((trial) =>
      worlds.flatMap((world) =>
        REJECTIONS.filter(({ applies }) => applies(trial, world)).map(({ id }) => id),
      ),
    ),
  );
  // These two take servers of two versions: see `fuzz/between-servers.e2e.test.ts`.
  expect(REJECTIONS.map(({ id }) => id).filter((id) => !met.has(id))).toEqual([
    'server-newer-than-pg_dump',
    'archive-of-a-newer-version',
  ]);
});

test('no id comes twice', () => {
  expect(new Set(REJECTIONS.map(({ id }) => id)).size).toBe(REJECTIONS.length);
});

test('a plain plan is taken by every version', () => {
  for (const version of ['13.1', '14.19', '15.18', '16.10', '17.6', '18.1', '19beta1']) {
    const world = worldOf(version);
    expect(rejectionOf(PLAIN, world, 'dump')).toBeUndefined();
    expect(rejectionOf(PLAIN, world, 'restore')).toBeUndefined();
  }
});

test.each([
  ['rows-per-insert-range', 'pg_dump: error: rows-per-insert must be in range 1..2147483647'],
  ['extra-float-digits-range', 'pg_dump: error: extra_float_digits must be in range -15..3'],
  ['compression-level', 'pg_dump: error: compression level must be in range 0..9'],
])('%s, in the words of 13.16', (id, line) => {
  expect(REJECTIONS.filter(({ says }) => says.test(line)).map((rejection) => rejection.id)).toEqual([id]);
});

describe('by version', () => {
  const dumping = (options: readonly string[], version: string): string | undefined =>
    rejectionOf({ ...PLAIN, dump: { format: 'plain', options } }, worldOf(version), 'dump')?.id;
  const compressing = (
    compress: string,
    version: string,
    methods = ['gzip', 'lz4', 'zstd'],
  ): string | undefined =>
    rejectionOf({ ...PLAIN, dump: { format: 'custom', compress } }, worldOf(version, methods), 'dump')?.id;

  test.each([
    ['--no-toast-compression', '13.14', true],
    ['--no-toast-compression', '14.0', false],
    ['--no-table-access-method', '14.19', true],
    ['--no-table-access-method', '15.0', false],
    ['--no-synchronized-snapshots', '14.19', false],
    ['--no-synchronized-snapshots', '15.0', true],
    ['--sync-method=fsync', '16.10', true],
    ['--sync-method=fsync', '17.0', false],
    ['--no-statistics', '17.6', true],
    ['--no-statistics', '18.0', false],
    ['--restrict-key=abc', '15.13', true],
    ['--restrict-key=abc', '15.14', false],
    ['--restrict-key=abc', '17.5', true],
    ['--restrict-key=abc', '18.0', false],
    ['--restrict-key=abc', '12.22', true],
  ])('%s on %s: unknown %s', (option, version, unknown) => {
    expect(dumping([option], version)).toBe(unknown ? 'dump-unknown-option' : undefined);
  });

  test.each([
    ['9', '13.14', undefined],
    ['10', '13.14', 'compression-level'],
    ['gzip:99', '13.14', undefined],
    ['none', '14.19', undefined],
    ['gzip:99', '15.18', 'compression-level'],
    ['gzip:6', '15.18', 'compression-level'],
    ['gzip:6', '16.0', undefined],
    ['zstd:22', '16.0', undefined],
    ['zstd:23', '16.0', 'compression-level'],
    ['none', '15.18', 'compression-level'],
    ['none', '16.0', undefined],
  ])('--compress=%s on %s: %s', (compress, version, id) => {
    expect(compressing(compress, version)).toBe(id);
  });

  test.each([
    ['gzip:99', '14.19', undefined],
    ['6 apples', '14.19', 'tar-compressed'],
    ['gzip:6', '16.0', 'tar-compressed'],
    ['gzip:0', '16.0', 'compression-level'],
    ['none', '16.0', undefined],
  ])('a tar archive with --compress=%s on %s: %s', (compress, version, id) => {
    const trial: Case = { ...PLAIN, dump: { format: 'tar', compress } };
    expect(rejectionOf(trial, worldOf(version, ['gzip']), 'dump')?.id).toBe(id);
  });

  test('a method that pg_dump was not built with', () => {
    expect(compressing('zstd', '17.6', ['gzip'])).toBe('compression-not-built-in');
  });

  test('--transaction-size came with 17, and does not go with --single-transaction', () => {
    const restoring = (version: string, more = {}): string | undefined =>
      rejectionOf(
        { ...PLAIN, restore: { tool: 'pg_restore', transaction_size: 5, ...more } },
        worldOf(version),
        'restore',
      )?.id;
    expect(restoring('16.10')).toBe('restore-unknown-option');
    expect(restoring('17.0')).toBeUndefined();
    expect(restoring('17.0', { single_transaction: true })).toBe('single-transaction-and-size');
  });
});
