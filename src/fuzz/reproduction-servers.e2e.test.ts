import { execa } from 'execa';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { withPipeline } from '../case/pipeline-case.ts';
import { readPipelineFile } from '../case/pipeline-file.ts';
import type { Pipeline } from '../case/pipeline.ts';
import type { Case, Upgrade } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { packageRoot } from '../package-root.ts';
import { connect } from '../postgres/connection.ts';
import { openThrowawayDirectory, type ThrowawayDirectory } from '../postgres/throwaway-directory.ts';
import { CATALOG_KINDS } from '../snapshot/catalog.ts';
import { testEngine } from '../testing.ts';
import { fillIn } from '../text/placeholders.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { findingOf } from './judge-trial.ts';
import { Lane, type LaneGround } from './lane.ts';
import { pipelineFunctions } from './reproduction-pipeline.ts';
import { reproduce } from './reproduction.ts';
import { withGround } from './with-ground.ts';

let folder: ThrowawayDirectory;
let ground: LaneGround;
let end: () => void = () => undefined;
let closing: Promise<unknown>;

// The shared server stands for both.
beforeAll(async () => {
  folder = await openThrowawayDirectory();
  ground = await new Promise((opened, failed) => {
    closing = withGround(testEngine(), { other: testEngine() }, async (lent) => {
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

let findings = 0;

interface Tried {
  readonly verdict: TrialResult['verdict'];
  readonly reproduced: boolean | undefined;
  readonly directory: string;
}

/** Runs a case by the harness and by its script, and looks whether databases stay. */
async function tryBoth(trial: Case): Promise<Tried> {
  const directory = join(folder.path, `finding-${findings++}`);
  const result = await new Lane(ground, basename(directory)).roundTrip(trial, { thorough: false });
  const finding = findingOf(result, 'a summary', 'faithful');
  const reproduced = await reproduceAs(trial, finding, directory);
  return { verdict: result.verdict, reproduced, directory };
}

async function reproduceAs(trial: Case, finding: ReturnType<typeof findingOf>, directory: string) {
  const shrunk = { trial, trials: 1, end: 'minimal' } as const;
  const found = { signature: 's', property: 'p', origin: { index: 0 }, finding, shrunk, original: trial };
  const before = await databases();
  const reproduced = await reproduce({ ...found, directory }, ground);
  expect(await databases()).toEqual(before);
  return reproduced;
}

async function databases(): Promise<string[]> {
  await using connection = await connect(inject('server').settings);
  const { rows } = await connection.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname LIKE '%' || $1 || '%' ORDER BY 1`,
    [ground.run.id],
  );
  return rows.map(({ datname }) => datname);
}

const LOSES_A_ROW = {
  sql: 'DROP TRIGGER audit_events_worm_trigger ON audit_events; DELETE FROM audit_events',
};
const custom = { dump: { format: 'custom' }, restore: { tool: 'pg_restore' } } as const;

describe('from one server to another', () => {
  const major = Number.parseInt(inject('server').version, 10);
  const upgrade: Upgrade = { from: major, to: major, dump_by: 'from', restore_by: 'to' };
  const between = (plans: Partial<Case>): Case => ({
    ...smokeCase(3),
    ...custom,
    target: { kind: 'fresh', settings: { TimeZone: 'Asia/Kolkata' } },
    upgrade,
    ...plans,
  });

  test.each<[string, Partial<Case>, TrialResult['verdict']]>([
    ['what is the same', {}, 'faithful'],
    ['what is lost', { disturbance: LOSES_A_ROW }, 'lossy'],
    ['what is refused', { restore: { tool: 'pg_restore', options: ['--no-such-option'] } }, 'refused'],
  ])('the script shows %s', async (_, plans, verdict) => {
    expect(await tryBoth(between(plans))).toMatchObject({ verdict, reproduced: true });
  });

  test('the script says what it wants, where it has no servers', async () => {
    const directory = join(folder.path, `finding-${findings++}`);
    const finding = findingOf({ verdict: 'faithful', checks: [], steps: [] } as never, 'a summary', 'lossy');
    await reproduceAs(between({}), finding, directory);
    const script = join(directory, 'repro.sh');
    const { exitCode, stdout } = await execa('sh', [script], { reject: false });
    expect([exitCode, stdout]).toEqual([3, expect.stringMatching(/^UNTRIED {2}SOURCE_URL and TARGET_URL/)]);
    expect(await readFile(script, 'utf8')).toContain('env PATH="$target_path" pg_restore');
  });
});

const example = (name: string): Promise<Pipeline> =>
  readPipelineFile(join(packageRoot, 'docs/pipelines', `${name}.yaml`), CATALOG_KINDS);

describe('the commands of a pipeline', () => {
  test.each<[string, Partial<Pipeline>, TrialResult['verdict']]>([
    ['cut-short', {}, 'lossy'],
    ['split', { targets: ['fresh'] }, 'faithful'],
    ['gzip', { restore: 'echo fine; echo "disk: error: it is full" >&2; exit 4' }, 'refused'],
    [
      'cronjob',
      {
        wipe: 'dropdb --maintenance-db=postgres {database}',
        restore:
          'createdb --maintenance-db=postgres -T template0 {database} && pg_restore -d {target_url} {dump}',
        targets: ['wiped'],
      },
      'faithful',
    ],
  ])('%s with %j: the script shows that it is %s', async (name, changed, verdict) => {
    const trial = withPipeline(smokeCase(), { ...(await example(name)), ...changed });
    expect(await tryBoth(trial)).toMatchObject({ verdict, reproduced: true });
  });

  test('get their values as the harness gives them', async () => {
    const text = `{dump} \${dump} "{url}"{work}{work} {jobs} {no_such} {Dump} awk '{print}' $\{{database}\n{source_url}&|\\1`;
    const pipeline: Pipeline = { name: 'x', dump: 'true', restore: 'true', jobs: 3 };
    const script = join(folder.path, 'fill.sh');
    const values = { source: 'a b', source_at: 'postgres://u@%2Ftmp:5/a', work: `/it's`, target: 't' };
    const set = Object.entries(values).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    await writeFile(script, [...set, pipelineFunctions(pipeline), `fill word 'x&y'`, ''].join('\n'));
    const { stdout } = await execa('sh', [script], { input: text });
    expect(stdout).toBe(
      fillIn(text, {
        dump: String.raw`'/it'\''s/dump'`,
        url: `'x&y'`,
        work: String.raw`'/it'\''s'`,
        jobs: '3',
        database: `'a b'`,
        source_url: values.source_at,
      }),
    );
  });
});
