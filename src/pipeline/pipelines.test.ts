import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { thePipelineIsFaithful } from '../../properties/the-pipeline-is-faithful.ts';
import { readCaseFile } from '../case/case-file.ts';
import { drawPipelineCase, withPipeline } from '../case/pipeline-case.ts';
import { readPipelineFile } from '../case/pipeline-file.ts';
import type { Pipeline } from '../case/pipeline.ts';
import type { World } from '../case/world.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { FuzzRun } from '../fuzz/fuzz-run.ts';
import { findingOf } from '../fuzz/judge-trial.ts';
import { Lane, type LaneGround } from '../fuzz/lane.ts';
import { requirePipelineEngine } from '../fuzz/own-server.ts';
import { reproduce } from '../fuzz/reproduction.ts';
import { withGround } from '../fuzz/with-ground.ts';
import { packageRoot } from '../package-root.ts';
import type { Engine } from '../postgres/engine.ts';
import { openEngine } from '../postgres/open-engine.ts';
import { CATALOG_KINDS } from '../snapshot/catalog.ts';
import type { TrialResult } from '../verdict/trial-result.ts';

const EXAMPLES = join(packageRoot, 'docs/pipelines');

let engine: Engine;
let ground: LaneGround;
let over: (value?: unknown) => void;
let ended: Promise<unknown>;

// One ground for all: its template takes longer than a trial.
beforeAll(async () => {
  engine = await openEngine({ engine: 'local', download: true, say: () => undefined });
  ground = await new Promise((resolve) => {
    ended = withGround(engine, { maxRows: 6 }, (opened) => {
      resolve(opened);
      return new Promise((end) => (over = end));
    });
  });
});
afterAll(async () => {
  over();
  await ended;
  await engine[Symbol.asyncDispose]();
});

function example(name: string): Promise<Pipeline> {
  return readPipelineFile(join(EXAMPLES, `${name}.yaml`), CATALOG_KINDS);
}

/** The fixed cycle by a pipeline. */
function tryPipeline(pipeline: Pipeline, rows?: number): Promise<TrialResult> {
  return new Lane(ground, 'lane').roundTrip(withPipeline(smokeCase(rows), pipeline));
}

function failedChecks({ checks }: TrialResult): string[] {
  return checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
}

const FAITHFUL = ['basebackup', 'cronjob', 'dumpall', 'gzip', 'split'];

test('every example is tried', () => {
  const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.yaml'));
  expect(files.map((file) => file.replace('.yaml', '')).sort()).toEqual([...FAITHFUL, 'cut-short'].sort());
});

test.each(FAITHFUL)('%s brings everything back', async (name) => {
  const result = await tryPipeline(await example(name));
  expect([result.verdict, failedChecks(result), result.restored?.row_count]).toEqual(['faithful', [], 24]);
  // What is looked at is what was restored: nothing was left of the source.
  expect(result.steps.map((step) => step.name)).toContain('wipe');
});

test('cut-short loses rows with every command exiting 0, and the checks say so', async () => {
  const result = await tryPipeline(await example('cut-short'));
  expect(result.commands?.map(({ tool, exitCode }) => [tool, exitCode])).toEqual([
    ['dump', 0],
    ['restore', 0],
  ]);
  expect(result.verdict).toBe('lossy');
  expect(failedChecks(result)).toEqual(
    expect.arrayContaining(['row-count', 'verify-walked', 'row-bytes', 'chain-recomputed']),
  );
  expect(result.restored?.row_count).toBe(0);
});

test('a pipeline that loses data is a finding, in a case that carries it and fails again', async () => {
  const pipeline = await example('cut-short');
  const counterexamples = join(ground.directory, 'counterexamples');
  const draw = (world: World) => drawPipelineCase(world, pipeline);
  const plan = {
    seed: 3,
    indices: [0],
    lanes: 1,
    corpus: [],
    shrinkMilliseconds: 2000,
    classify: () => [],
  };
  const properties = [{ ...thePipelineIsFaithful, draw }];
  const { findings } = await new FuzzRun({ ...plan, properties, counterexamples }, ground).run();
  expect(findings).toMatchObject([{ property: 'the-pipeline-is-faithful', finding: { verdict: 'lossy' } }]);
  const { trial, found } = await readCaseFile(join(findings[0]?.directory ?? '', 'case.json'));
  expect(trial.pipeline).toEqual(pipeline);
  expect(found?.property).toBe('the-pipeline-is-faithful');
  const judged = await thePipelineIsFaithful.judge(trial, new Lane(ground, 'again'));
  expect(judged.finding?.verdict).toBe('lossy');
});

test('the script of a whole server’s pipeline has a server of its own, and looks at the copy', async () => {
  const sql = 'DROP TRIGGER audit_events_worm_trigger ON audit_events; DELETE FROM audit_events';
  const trial = { ...withPipeline(smokeCase(2), await example('basebackup')), disturbance: { sql } };
  const finding = findingOf(await new Lane(ground, 'whole').roundTrip(trial), 'a summary', 'faithful');
  expect(finding.verdict).toBe('lossy');
  const shrunk = { trial, trials: 1, end: 'minimal' } as const;
  const found = { signature: 's', property: 'p', origin: { index: 0 }, finding, shrunk, original: trial };
  expect(await reproduce({ ...found, directory: join(ground.directory, 'script') }, ground)).toBe(true);
});

const CUSTOM: Pipeline = {
  name: 'custom',
  dump: 'pg_dump -Fc -f {dump}',
  restore: 'pg_restore -e -d {target_url} {dump}',
};

describe('a pipeline', () => {
  test.each(['dump', 'wipe', 'restore'] as const)('whose %s fails is refused there', async (stage) => {
    const command = 'echo fine; echo "disk: error: it is full" >&2; exit 4';
    const result = await tryPipeline({ ...CUSTOM, [stage]: command }, 2);
    expect(result).toMatchObject({
      verdict: 'refused',
      refusal: { stage, exitCode: 4, firstErrorLine: 'disk: error: it is full' },
    });
  });

  test('whose own wipe leaves something is no verdict: what is left is looked for, whoever wipes', async () => {
    await expect(tryPipeline({ ...CUSTOM, wipe: 'true' }, 2)).rejects.toThrow(/^the wipe left \d+ object/);
  });

  test('may wipe by dropping the database, and its restore make it anew', async () => {
    const result = await tryPipeline(
      {
        ...CUSTOM,
        wipe: 'dropdb --maintenance-db=postgres {database}',
        restore:
          'createdb --maintenance-db=postgres --template=template0 {database} && pg_restore -e -d {database} {dump}',
      },
      2,
    );
    expect(result.verdict).toBe('faithful');
  });

  test('that changes grants drifts, unless it says that it does', async () => {
    const restore = `${CUSTOM.restore} && psql -qc 'GRANT SELECT ON audit_events TO PUBLIC'`;
    const drifted = await tryPipeline({ ...CUSTOM, restore }, 2);
    expect([drifted.verdict, failedChecks(drifted)]).toEqual(['drifted', ['schema']]);
    const { verdict, checks } = await tryPipeline({ ...CUSTOM, restore, exempt: ['grant'] }, 2);
    expect(verdict).toBe('faithful');
    expect(checks.find(({ id }) => id === 'schema')?.summary).toMatch(/not compared: grant$/);
  });

  test('past the time of its trial has its server stopped all the same', async () => {
    const mark = join(ground.directory, 'stopped');
    const server = { url: 'postgres://postgres@{work}:5433/{database}', stop: `touch ${mark}` };
    const late: Pipeline = { ...CUSTOM, restore: 'sleep 60', server };
    const lane = new Lane({ ...ground, trialMilliseconds: 1500 }, 'late');
    await expect(lane.roundTrip(withPipeline(smokeCase(1), late))).rejects.toThrow(
      'did not end within 1.5 s',
    );
    expect(existsSync(mark)).toBe(true);
  });

  test('of a whole server is refused on a server that is not ours', () => {
    const { another, ...others } = engine;
    expect(another).toBeDefined();
    const whole: Pipeline = { ...CUSTOM, scope: 'cluster' };
    expect(() => requirePipelineEngine(others, whole)).toThrow('takes a throwaway server');
    expect(() => requirePipelineEngine(others, CUSTOM)).not.toThrow();
    expect(() => requirePipelineEngine(engine, whole)).not.toThrow();
  });
});
