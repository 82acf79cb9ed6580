import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  DUMP_FORMATS,
  type Case,
  type DumpPlan,
  type FreshTarget,
  type RestorePlan,
  type Target,
} from './case/case.ts';
import { smokeCase } from './case/smoke-case.ts';
import { NoVerdictError, UsageError } from './errors.ts';
import { openRun, type Run } from './postgres/run-databases.ts';
import { openThrowawayDirectory } from './postgres/throwaway-directory.ts';
import { roundTrip } from './round-trip.ts';
import { auditChain } from './subject/audit-chain.ts';
import { subjectTemplate } from './test-subjects.ts';
import { testEngine, testTools } from './testing.ts';
import type { TrialResult } from './verdict/trial-result.ts';

let run: Run;

beforeAll(async () => {
  run = await openRun(testEngine());
});
afterAll(() => run[Symbol.asyncDispose]());

interface Plans {
  readonly dump?: Partial<DumpPlan>;
  readonly restore?: Partial<RestorePlan>;
  readonly target?: Target;
}

function trialOf({ dump, restore, target = { kind: 'wiped' } }: Plans, rows = 12): Case {
  const tool = dump?.format === 'plain' ? 'psql' : 'pg_restore';
  return { ...smokeCase(rows), dump: { format: 'custom', ...dump }, restore: { tool, ...restore }, target };
}

async function tryPlans(plans: Plans, thorough = true): Promise<TrialResult> {
  await using directory = await openThrowawayDirectory();
  await using database = await run.create({ template: subjectTemplate(auditChain) });
  return await roundTrip(trialOf(plans), {
    tools: testTools(),
    database: database.settings,
    maintenance: inject('server').settings,
    createTarget: (options) => run.create(options),
    subject: auditChain,
    directory: directory.path,
    thorough,
  });
}

/** One line that says all: `faithful`, or what was refused, or which checks failed. */
async function outcome(plans: Plans, thorough = true): Promise<string> {
  const { verdict, refusal, checks } = await tryPlans(plans, thorough);
  if (refusal) return `${verdict}: ${refusal.stage}: ${refusal.firstErrorLine}`;
  const failed = checks.filter((check) => check.outcome === 'failed');
  return [verdict, ...failed.map(({ id, summary }) => `${id}: ${summary}`)].join('; ');
}

function fresh(target: Omit<FreshTarget, 'kind'> = {}): Target {
  return { kind: 'fresh', ...target };
}

const PREPARED = fresh({ prepared: true });
const UNTRIGGERED = ['--disable-triggers'];
const SETTINGS = {
  TimeZone: 'Asia/Kolkata',
  DateStyle: 'German',
  IntervalStyle: 'sql_standard',
  search_path: 'public',
  extra_float_digits: '-15',
};
const ZONES = {
  PGTZ: 'Asia/Kolkata',
  PGDATESTYLE: 'German',
  TZ: 'Asia/Tokyo',
  LC_ALL: 'C.UTF-8',
};
const STYLES = { PGOPTIONS: '-c datestyle=SQL,DMY -c timezone=Africa/Monrovia', PGCLIENTENCODING: 'LATIN1' };

describe('faithful: each format with each way to write rows', () => {
  const ways = ['COPY', 'inserts', 'column-inserts', 5] as const;
  test.each(DUMP_FORMATS.flatMap((format) => ways.map((rows) => ({ format, rows }))))(
    '$format, $rows',
    async ({ format, rows }) => {
      // Dumped again and acted upon once for each format: the restored rows are the same whatever wrote them.
      const dump = rows === 'COPY' ? { format } : { format, rows };
      expect(await outcome({ dump }, rows === 'COPY')).toBe('faithful');
    },
  );
});

describe('faithful: dump and restore', () => {
  test.each<[string, Plans]>([
    ['a packed script', { dump: { format: 'plain', compress: '6' } }],
    ['the highest compression', { dump: { compress: '9' } }],
    [
      'no compression, jobs both ways',
      { dump: { format: 'directory', compress: '0', jobs: 3 }, restore: { jobs: 2 } },
    ],
    ['plain sections', { dump: { format: 'plain', parts: 'sections' }, restore: { create: true } }],
    [
      'schema and data',
      { dump: { format: 'tar', parts: 'schema-and-data' }, restore: { options: UNTRIGGERED } },
    ],
    ['plain schema and data', { dump: { format: 'plain', parts: 'schema-and-data', options: UNTRIGGERED } }],
    [
      'section by section',
      { dump: { format: 'directory', parts: 'sections' }, restore: { by_section: true } },
    ],
    ['a script by section', { restore: { tool: 'script', by_section: true, single_transaction: true } }],
    ['a list', { restore: { use_list: 'as-is', by_section: true } }],
    ['a list reordered', { restore: { use_list: 'reordered', jobs: 2 } }],
    [
      'a list reordered, by a pipe',
      { dump: { format: 'tar' }, restore: { stdin: true, use_list: 'reordered' } },
    ],
    ['a script by a pipe', { dump: { format: 'plain' }, restore: { stdin: true, single_transaction: true } }],
    ['one transaction', { restore: { single_transaction: true, stdin: true } }],
    ['going on, with no error', { restore: { go_on_after_errors: true } }],
    ['zones and styles', { dump: { environment: ZONES }, restore: { environment: STYLES } }],
    [
      'styles in a script',
      { dump: { format: 'plain', environment: STYLES }, restore: { environment: ZONES } },
    ],
  ])('%s', async (_, plans) => {
    expect(await outcome(plans)).toBe('faithful');
  });
});

describe('faithful: where it goes', () => {
  test.each<[string, Plans]>([
    ['made by pg_restore', { restore: { create: true, by_section: true } }],
    ['dropped and made by pg_restore', { restore: { create: true, clean: true } }],
    ['made by a script', { dump: { format: 'plain' }, restore: { create: true } }],
    ['dropped and made by a script', { restore: { tool: 'script', create: true, clean: true } }],
    [
      'dropped and made by a plain dump',
      { dump: { format: 'plain' }, restore: { create: true, clean: true } },
    ],
    ['cleaned by pg_restore', { restore: { clean: true }, target: PREPARED }],
    ['cleaned by a plain dump', { dump: { format: 'plain' }, restore: { clean: true }, target: PREPARED }],
    ['settings', { target: fresh({ settings: SETTINGS }) }],
    [
      'settings, rows as INSERT',
      { dump: { format: 'plain', rows: 'inserts' }, target: fresh({ settings: SETTINGS }) },
    ],
    ['LATIN1', { dump: { environment: STYLES }, target: fresh({ encoding: 'LATIN1', locale: 'C' }) }],
    ['SQL_ASCII', { dump: { format: 'plain' }, target: fresh({ encoding: 'SQL_ASCII', locale: 'C' }) }],
    ['UTF8 under C', { target: fresh({ encoding: 'UTF8', provider: 'libc', locale: 'C' }) }],
    ['ICU', { target: fresh({ encoding: 'LATIN1', provider: 'icu', locale: 'de-DE' }) }],
  ])('%s', async (_, plans) => {
    expect(await outcome(plans)).toBe('faithful');
  });
});

describe('the executor carries out the plan and does not mend it', () => {
  test.each<[string, Plans, string | RegExp]>([
    [
      'data after the triggers are there',
      { dump: { parts: 'schema-and-data' } },
      /^refused: pg_restore: .*relation "audit_chain_head" does not exist/,
    ],
    ['a restore over what is there', { target: PREPARED }, /^refused: pg_restore: .*already exists/],
    [
      'the same by psql without ON_ERROR_STOP',
      { dump: { format: 'plain' }, restore: { go_on_after_errors: true }, target: PREPARED },
      /^lossy; row-count/,
    ],
    [
      'a search_path that leads past the tables',
      { target: fresh({ settings: { search_path: 'pg_catalog' } }) },
      /^drifted; row-count/,
    ],
    [
      'a script in one transaction that makes a database',
      { dump: { format: 'plain' }, restore: { create: true, single_transaction: true } },
      /^refused: psql: .*CREATE DATABASE cannot run inside a transaction block/,
    ],
    ['jobs by a pipe', { restore: { stdin: true, jobs: 2 } }, /^refused: pg_restore: .*standard input/],
    [
      'jobs for a tar',
      { dump: { format: 'tar' }, restore: { jobs: 2 } },
      /^refused: pg_restore: .*file format/,
    ],
    [
      'a plain dump for pg_restore',
      { dump: { format: 'plain' }, restore: { tool: 'pg_restore' } },
      /use psql/,
    ],
  ])('%s', async (_, plans, words) => {
    expect(await outcome(plans)).toMatch(words);
  });
});

test('what cannot be carried out is no verdict', async () => {
  await expect(tryPlans({ target: fresh({ encoding: 'LATIN1' }) })).rejects.toThrow(NoVerdictError);
  await expect(tryPlans({ restore: { create: true }, target: fresh() })).rejects.toThrow(UsageError);
});
