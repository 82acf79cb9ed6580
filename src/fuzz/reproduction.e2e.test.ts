import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Case, DumpPlan, RestorePlan, Target } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { connect } from '../postgres/connection.ts';
import { openThrowawayDirectory, type ThrowawayDirectory } from '../postgres/throwaway-directory.ts';
import { testEngine } from '../testing.ts';
import type { CheckId, CheckResult } from '../verdict/check.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { Lane, type LaneGround } from './lane.ts';
import type { ReportedFinding } from './outcome.ts';
import { runReproduction } from './reproduction-run.ts';
import { reproduce } from './reproduction.ts';
import { withGround } from './with-ground.ts';

let folder: ThrowawayDirectory;
let ground: LaneGround;
let findings = 0;
let end: () => void = () => undefined;
let closing: Promise<unknown>;

beforeAll(async () => {
  folder = await openThrowawayDirectory();
  ground = await new Promise((opened, failed) => {
    closing = withGround(testEngine(), {}, async (lent) => {
      const ended = new Promise<void>((resolve) => (end = resolve));
      opened(lent);
      await ended;
    });
    closing.catch(failed);
  });
});

afterAll(async () => {
  end();
  await closing;
  await folder[Symbol.asyncDispose]();
});

interface Tried {
  readonly reproduced: boolean | undefined;
  readonly verdict: TrialResult['verdict'];
  readonly directory: string;
  readonly trial: Case;
}

/** Runs a case by the harness and by its script. */
async function tryBoth(trial: Case): Promise<Tried> {
  const directory = newFolder();
  const result = await new Lane(ground, basename(directory)).roundTrip(trial, { thorough: false });
  const reproduced = await reproduce(findingOf(trial, result, directory), ground);
  expect(await databases()).toEqual([ground.template.name]);
  return { reproduced, verdict: result.verdict, directory, trial };
}

let faithful: Promise<TrialResult> | undefined;

/** As if the harness had seen another verdict than `faithful`. */
async function reproduceAs(result: Partial<TrialResult>, trial: Case, mine: LaneGround = ground) {
  faithful ??= new Lane(ground, 'faithful').roundTrip(trialOf({}), { thorough: false });
  return await reproduce(findingOf(trial, { ...(await faithful), ...result }, newFolder()), mine);
}

function newFolder(): string {
  return join(folder.path, `finding-${findings++}`);
}

function findingOf(trial: Case, result: TrialResult, directory: string): ReportedFinding {
  const checks = result.checks.filter(({ outcome }) => outcome === 'failed');
  return {
    signature: 'signature',
    property: 'a-test',
    origin: { index: 0 },
    finding: {
      summary: 'two lines\nof a summary',
      expected: 'faithful',
      verdict: result.verdict,
      failed: checks.map(({ id }) => id),
      checks,
      stage: result.refusal?.stage,
      errorLine: result.refusal?.firstErrorLine,
    },
    shrunk: { trial, trials: 1, end: 'minimal' },
    original: trial,
    directory,
    count: 1,
  };
}

async function databases(): Promise<string[]> {
  await using connection = await connect(inject('server').settings);
  const { rows } = await connection.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname LIKE '%' || $1 || '%'`,
    [ground.run.id],
  );
  return rows.map(({ datname }) => datname);
}

interface Plans {
  readonly dump?: Partial<DumpPlan>;
  readonly restore?: Partial<RestorePlan>;
  readonly target?: Target;
}

function trialOf({ dump, restore, target = { kind: 'wiped' } }: Plans, rows = 3): Case {
  const tool = dump?.format === 'plain' ? 'psql' : 'pg_restore';
  return { ...smokeCase(rows), dump: { format: 'custom', ...dump }, restore: { tool, ...restore }, target };
}

const DROPS_MICROSECONDS = `ALTER TABLE audit_events DISABLE TRIGGER USER;
  UPDATE audit_events SET "timestamp" = date_trunc('milliseconds', "timestamp");
  ALTER TABLE audit_events ENABLE TRIGGER USER`;

describe('a disturbance', () => {
  test('of the case is seen by the script, with the row', async () => {
    const tried = await tryBoth({ ...trialOf({}), disturbance: { sql: DROPS_MICROSECONDS } });
    expect(tried).toMatchObject({ verdict: 'lossy', reproduced: true });
    const { exitCode, output } =
      (await runReproduction(join(tried.directory, 'repro.sh'), tried.trial, ground)) ?? {};
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^-audit-000002\t.*\t2026-01-05 07:00:00\.000001\+00\t/m);
    expect(output).toMatch(/^\+audit-000002\t.*\t2026-01-05 07:00:00\+00\t/m);
    expect((await readdir(tried.directory)).sort()).toEqual([
      'disturbance.sql',
      'repro.sh',
      'schema.sql',
      'workload.sql',
    ]);
  });

  // What no dump of the schema has, or what schemas do not hold, so that it takes more to empty the source of it.
  test.each(['sequence-rewound', 'extension-older', 'large-object-lost'])('%s is seen', async (mutant) => {
    const tried = await tryBoth({ ...trialOf({}), disturbance: { mutant } });
    expect(tried).toMatchObject({ verdict: 'drifted', reproduced: true });
  });
});

describe('a script that sees something else than the finding', () => {
  const untriggered = {
    ...trialOf({}),
    disturbance: { sql: 'DROP TRIGGER audit_events_worm_trigger ON audit_events' },
  };
  const broken = (id: CheckId): CheckResult => ({ id, outcome: 'failed', summary: `${id} fails` });

  test.each<[string, TrialResult['verdict'], CheckId[], boolean]>([
    ['the same checks', 'drifted', ['schema', 'worm-enforced'], true],
    ['lost rows', 'lossy', ['row-bytes'], false],
    ['a verifier that does not verify', 'drifted', ['verify-clean'], false],
    ['a chain that does not go on', 'drifted', ['schema', 'append-continues'], false],
  ])('%s', async (_, verdict, ids, reproduced) => {
    expect(await reproduceAs({ verdict, checks: ids.map(broken) }, untriggered)).toBe(reproduced);
  });
});

describe('a tool that refuses', () => {
  test.each<[string, Plans]>([
    ['pg_dump', { dump: { options: ['--schema=nowhere'] } }],
    [
      'pg_dump, under an environment',
      { dump: { environment: { PGOPTIONS: '-c "x=y" -c TimeZone=nowhere' } } },
    ],
    ['pg_restore', { restore: { options: ['--no-such-option'] } }],
    ['pg_restore, restoring', { target: { kind: 'fresh', prepared: true } }],
    ['psql', { dump: { format: 'plain' }, target: { kind: 'fresh', prepared: true } }],
  ])('%s: the same refusal', async (_, plans) => {
    expect(await tryBoth(trialOf(plans))).toMatchObject({ verdict: 'refused', reproduced: true });
  });

  test('for another reason is another failure', async () => {
    const refusal = {
      stage: 'pg_dump',
      exitCode: 1,
      signal: undefined,
      firstErrorLine: 'error: no space',
    } as const;
    const trial = trialOf({ dump: { options: ['--schema=nowhere'] } });
    expect(await reproduceAs({ verdict: 'refused', refusal }, trial)).toBe(false);
  });

  test('where rows were lost, or nothing at all, is another failure', async () => {
    expect(
      await reproduceAs({ verdict: 'lossy' }, trialOf({ dump: { options: ['--schema=nowhere'] } })),
    ).toBe(false);
    expect(await reproduceAs({ verdict: 'drifted' }, trialOf({}))).toBe(false);
  });
});

const LATIN1: Target = {
  kind: 'fresh',
  encoding: 'LATIN1',
  locale: 'C',
  settings: {
    TimeZone: 'Asia/Kolkata',
    DateStyle: 'SQL, DMY',
    extra_float_digits: '0',
    standard_conforming_strings: 'off',
  },
};

describe('what the harness finds faithful, the script does', () => {
  test.each<[string, Plans]>([
    ['plain', { dump: { format: 'plain' } }],
    [
      'plain, compressed, by standard input',
      { dump: { format: 'plain', compress: '6' }, restore: { stdin: true, single_transaction: true } },
    ],
    [
      'tar, no owner, no acl',
      {
        dump: {
          format: 'tar',
          rows: 2,
          options: ['--no-owner', '--no-acl'],
          environment: { PGTZ: 'Asia/Kolkata', PGDATESTYLE: 'German' },
        },
      },
    ],
    ['directory, parallel', { dump: { format: 'directory', jobs: 2 }, restore: { jobs: 2 } }],
    ['script, by section', { restore: { tool: 'script', by_section: true } }],
    ['sections', { dump: { parts: 'sections' } }],
    ['list reordered, by standard input', { restore: { use_list: 'reordered', stdin: true } }],
    [
      'schema and data apart',
      {
        dump: { parts: 'schema-and-data' },
        restore: { options: ['--disable-triggers', '--superuser=postgres'] },
      },
    ],
    ['create', { restore: { create: true, environment: { PGOPTIONS: "-c search_path=''" } } }],
    ['clean', { target: { kind: 'fresh', prepared: true }, restore: { clean: true } }],
    ['another encoding', { target: LATIN1 }],
  ])('%s', async (_, plans) => {
    expect(await tryBoth(trialOf(plans))).toMatchObject({
      verdict: 'faithful',
      reproduced: true,
    });
  });
});

describe('repro.sh', () => {
  test('says how it is used, quotes what it is given, and sets the environment of a command for it alone', async () => {
    const plans: Plans = {
      dump: { options: [`--comment='$HOME"`], environment: { PGTZ: `a'b c` } },
      restore: { options: ['--no-owner'] },
    };
    const { directory, reproduced } = await tryBoth(trialOf(plans));
    expect(reproduced).toBe(true);
    const text = await readFile(join(directory, 'repro.sh'), 'utf8');
    expect(text).toContain('# two lines of a summary\n#\n# usage: ');
    expect(text).toContain(String.raw`PGTZ='a'\''b c' pg_dump `);
    expect(text).toContain(String.raw`'--comment='\''$HOME"'`);
  });

  test('that cannot be carried through is no failure', async () => {
    const trial = trialOf({ target: { kind: 'fresh', settings: { TimeZone: 'nowhere' } } });
    expect(await reproduceAs({ verdict: 'lossy' }, trial)).toBeUndefined();
  });

  test('tells a source whose chain is broken', async () => {
    const { workload, ...rest } = trialOf({}, 2);
    const transactions = workload.transactions.map(({ statements }) => ({
      statements: statements.map(({ insert, events }) => ({ insert, events: events.toReversed() })),
    }));
    const trial = { ...rest, workload: { transactions } };
    expect(await tryBoth(trial)).toMatchObject({ verdict: 'source-invalid', reproduced: true });
  });

  test('ends where the run is interrupted, and leaves nothing', async () => {
    const interruption = new AbortController();
    const trial = { ...trialOf({}), disturbance: { sql: 'SELECT pg_sleep(30)' } };
    setTimeout(() => interruption.abort(), 2000);
    const mine = { ...ground, signal: interruption.signal };
    expect(await reproduceAs({ verdict: 'lossy' }, trial, mine)).toBeUndefined();
    expect(await databases()).toEqual([ground.template.name]);
    expect((await readdir(ground.directory)).filter((name) => name.startsWith('tmp.'))).toEqual([]);
  });
});
