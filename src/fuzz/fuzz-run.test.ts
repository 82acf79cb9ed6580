import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyFaithfulPlanIsFaithful } from '../../properties/every-faithful-plan-is-faithful.ts';
import { parseCaseFile } from '../case/case-file.ts';
import type { Case } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { NoVerdictError } from '../errors.ts';
import { connect } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import { openEngine } from '../postgres/open-engine.ts';
import { FAMILY } from './case-at.ts';
import type { FuzzObserver, FuzzPlan } from './fuzz-plan.ts';
import { FuzzRun } from './fuzz-run.ts';
import type { LaneGround } from './lane.ts';
import type { FuzzResult } from './outcome.ts';
import type { Judgement, Property } from './property.ts';
import { reproduce } from './reproduction.ts';
import { withGround } from './with-ground.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine({
    engine: 'local',
    download: true,
    say: (line) => process.stderr.write(`${line}\n`),
  });
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

const DROPS_MICROSECONDS = `ALTER TABLE audit_events DISABLE TRIGGER USER;
  UPDATE audit_events SET "timestamp" = date_trunc('milliseconds', "timestamp");
  ALTER TABLE audit_events ENABLE TRIGGER USER`;

interface Tried {
  readonly result: FuzzResult;
  readonly ground: LaneGround;
}

/** One run; what it leaves in its directory is looked at before that goes away. */
type SomePlan = Partial<FuzzPlan> & Pick<FuzzPlan, 'properties'>;

async function run(
  plan: SomePlan | (() => SomePlan),
  look: (tried: Tried) => void = () => undefined,
  { signal, observe }: { signal?: AbortSignal; observe?: (ground: LaneGround) => FuzzObserver } = {},
): Promise<FuzzResult> {
  return await withGround(engine, { signal }, async (ground) => {
    const whole: FuzzPlan = {
      seed: 1,
      indices: Array.from({ length: 20 }, (_, index) => index),
      lanes: 2,
      corpus: [],
      shrinkMilliseconds: 240_000,
      counterexamples: join(ground.directory, 'counterexamples'),
      classify: () => ['some class'],
      ...(typeof plan === 'function' ? plan() : plan),
    };
    const result = await new FuzzRun(whole, ground, observe?.(ground)).run();
    look({ result, ground });
    return result;
  });
}

/** A property that looks at no database. */
function quickProperty(
  judge: Property['judge'],
  draw: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 99 }).map(smokeCase),
): Property {
  return { name: 'quick', promise: 'It is quick.', weight: 1, quickCases: 1, draw: () => draw, judge };
}

const AS_PREDICTED = { verdict: 'faithful', predicted: 'faithful' } as const;

test('a restore that drops microseconds is found, shrunk to one row with an unusual time, and shown without the harness', async () => {
  let script = '';
  await run(
    { properties: [everyFaithfulPlanIsFaithful], fault: { sql: DROPS_MICROSECONDS } },
    ({ result }) => {
      expect(result.findings).toHaveLength(1);
      const [found] = result.findings;
      expect(found?.finding.failed).toContain('row-bytes');
      expect(found?.reproduced).toBe(true);
      expect(found?.shrunk.end).toBe('minimal');
      const written = readFileSync(join(found?.directory ?? '', 'case.json'), 'utf8');
      const { trial } = parseCaseFile(written, 'case.json');
      expect(trial).toEqual({
        format: 'restoreproof.case/v1',
        workload: {
          transactions: [
            {
              statements: [
                {
                  insert: 'each',
                  events: [
                    {
                      id: 'e-000000',
                      actor: 'a',
                      actor_type: 'user',
                      action: 'auth.login',
                      resource_type: 'session',
                      resource_id: 's',
                      details: null,
                      timestamp: { at: '946684800000001' },
                    },
                  ],
                },
              ],
            },
          ],
        },
        dump: { format: 'custom' },
        restore: { tool: 'pg_restore' },
        target: { kind: 'wiped' },
        disturbance: { sql: DROPS_MICROSECONDS },
      });
      expect(existsSync(join(found?.directory ?? '', 'unshrunk.json'))).toBe(true);
      script = readFileSync(join(found?.directory ?? '', 'repro.sh'), 'utf8');
    },
    { observe: (ground) => ({ onFinding: (found) => reproduce(found, ground) }) },
  );
  expect(script).toContain('pg_dump --format=custom');
});

describe('which cases are tried', () => {
  const seen = async (lanes: number): Promise<string[]> => {
    const trials: string[] = [];
    const property = quickProperty(async (trial) => {
      trials.push(JSON.stringify(trial));
      return AS_PREDICTED;
    });
    await run({ properties: [property], lanes });
    return trials.toSorted();
  };

  test('does not depend on the lanes', async () => {
    const [one, three] = [await seen(1), await seen(3)];
    expect(one).toHaveLength(20);
    expect(three).toEqual(one);
  });

  test('the corpus comes first', async () => {
    const origins: unknown[] = [];
    const property = quickProperty(async () => AS_PREDICTED);
    const corpus = [{ file: 'a.json', trial: smokeCase(1), property }];
    await run({ properties: [property], corpus, indices: [5], lanes: 1 }, ({ result }) =>
      origins.push(...result.outcomes.map(({ origin }) => origin)),
    );
    expect(origins).toEqual([{ corpus: 'a.json' }, { index: 5 }]);
  });
});

describe('how a run ends', () => {
  test('with all cases', async () => {
    expect(await run({ properties: [quickProperty(async () => AS_PREDICTED)] })).toMatchObject({
      end: 'all cases',
    });
  });

  test('when the time is up', async () => {
    const property = quickProperty(
      () => new Promise((resolve) => setTimeout(() => resolve(AS_PREDICTED), 20)),
    );
    const endless = (function* count() {
      for (let index = 0; ; index++) yield index;
    })();
    // Counted from when the lanes begin.
    const result = await run(() => {
      const deadline = performance.now() + 300;
      return { properties: [property], indices: endless, deadline };
    });
    expect(result.end).toBe('time is up');
    expect(result.outcomes.length).toBeGreaterThan(0);
  });

  test('when it is interrupted, and the case that was torn down is no outcome', async () => {
    const controller = new AbortController();
    let tried = 0;
    const property = quickProperty(async () => {
      if (++tried < 5) return AS_PREDICTED;
      controller.abort();
      throw new Error('torn down');
    });
    const result = await run({ properties: [property], lanes: 1 }, undefined, { signal: controller.signal });
    expect(result.end).toBe('interrupted');
    expect(result.outcomes.map(({ verdict }) => verdict)).toEqual(Array(4).fill('faithful'));
  });

  test('after three failures of the infrastructure in a row, none of which is a pass', async () => {
    const property = quickProperty(async () => {
      throw new NoVerdictError({ what: 'the server is gone', why: 'ECONNREFUSED' });
    });
    const result = await run({ properties: [property], lanes: 1 });
    expect(result.end).toBe('infrastructure');
    expect(result.outcomes.map(({ verdict, why }) => `${verdict}: ${why}`)).toEqual(
      Array(3).fill('no-verdict: the server is gone: ECONNREFUSED'),
    );
  });
});

const FINDING = { summary: 's', expected: 'e', verdict: 'lossy', failed: ['row-bytes'], checks: [] } as const;

test('findings of one signature are one finding, shrunk once and counted', async () => {
  const property = quickProperty(async () => ({ ...AS_PREDICTED, verdict: 'lossy', finding: FINDING }));
  const told: string[] = [];
  const result = await run({ properties: [property] }, undefined, {
    observe: () => ({
      onFinding: async ({ signature }) => {
        told.push(signature);
        return undefined;
      },
    }),
  });
  expect(told).toHaveLength(1);
  expect(result.findings.map(({ count }) => count)).toEqual([20]);
  expect(new Set(result.outcomes.map(({ signature }) => signature))).toEqual(new Set(told));
});

test('a finding is on the disk before it is shrunk', async () => {
  const property = quickProperty(async () => ({ ...AS_PREDICTED, verdict: 'lossy', finding: FINDING }));
  let before: boolean[] = [];
  await run({ properties: [property], indices: [0] }, undefined, {
    observe: ({ directory }) => ({
      onShrinking: (signature) => {
        const folder = join(directory, 'counterexamples', signature);
        before = [existsSync(join(folder, 'unshrunk.json')), existsSync(join(folder, 'case.json'))];
      },
    }),
  });
  expect(before).toEqual([true, false]);
});

test('after a run no database of it is left, and every case has the times of its stages', async () => {
  const { outcomes, milliseconds } = await run({
    properties: [everyFaithfulPlanIsFaithful],
    // Members of one family could share a dump.
    indices: [0, FAMILY],
  });
  for (const { steps, at, milliseconds: own } of outcomes) {
    expect(steps.map(({ name }) => name)).toEqual([...new Set(steps.map(({ name }) => name))]);
    expect(steps.map(({ name }) => name)).toContain('dump');
    expect(steps.reduce((sum, step) => sum + step.milliseconds, 0)).toBeLessThan(own);
    expect(at).toBeGreaterThan(own);
    expect(at).toBeLessThanOrEqual(milliseconds);
  }
  await using connection = await connect(engine.connectionTo(engine.maintenanceDatabase));
  const { rows } = await connection.query(
    "SELECT datname FROM pg_database WHERE datname LIKE 'restoreproof%'",
  );
  expect(rows).toEqual([]);
});

describe('canaries', () => {
  const flown = (judge: Property['judge']) => ({ ...quickProperty(judge), name: 'canary', weight: 0 });
  const honest = quickProperty(async () => AS_PREDICTED);
  const mutant = { id: 'era-lost', struck: true, killed: true };
  const hundred = Array.from({ length: 100 }, (_, index) => index);

  test('take the place of one case in a hundred, and are counted apart', async () => {
    const canary = flown(async () => ({ verdict: 'lossy', predicted: 'killed', mutant }));
    const { outcomes, canaries, findings } = await run({ properties: [honest], canary, indices: hundred });
    expect(outcomes).toHaveLength(99);
    expect(new Set(outcomes.map(({ property }) => property))).toEqual(new Set(['quick']));
    expect(canaries).toEqual([{ index: 18, mutant: 'era-lost', struck: true, killed: true }]);
    expect(findings).toEqual([]);
  });

  test('that survive are findings of their own', async () => {
    const finding = { ...FINDING, verdict: 'faithful' as const, failed: [], stage: 'mutant-era-lost' };
    const judged = {
      verdict: 'faithful',
      predicted: 'killed',
      mutant: { ...mutant, killed: false },
      finding,
    };
    const canary = flown(async () => judged as Judgement);
    const { canaries, findings } = await run({ properties: [honest], canary, indices: [18] });
    expect(canaries).toMatchObject([{ killed: false }]);
    expect(findings.map(({ signature }) => signature)).toEqual([
      expect.stringMatching(/^canary--faithful--mutant-era-lost--/),
    ]);
  });

  test('that cannot be judged are no canaries, but cases without a verdict', async () => {
    const canary = flown(async () => {
      throw new NoVerdictError({ what: 'the server is gone' });
    });
    const { outcomes, canaries } = await run({ properties: [honest], canary, indices: [18] });
    expect(canaries).toEqual([]);
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(['no-verdict']);
  });
});
