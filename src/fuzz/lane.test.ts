import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Case } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import type { Engine } from '../postgres/engine.ts';
import { openEngine } from '../postgres/open-engine.ts';
import { Lane, type LaneGround } from './lane.ts';
import { withGround } from './with-ground.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine({ engine: 'local', download: true, say: () => undefined });
});

afterAll(() => engine[Symbol.asyncDispose]());

const PLAIN = smokeCase(5);

/** The verdicts of cases one after another, and which of them took a backup of their own. */
async function tried(cases: readonly Case[], sharing = true) {
  return await withGround(engine, {}, async (ground: LaneGround) => {
    const seen: [string, boolean][] = [];
    {
      await using lane = new Lane(ground, 'lane', { sharing });
      for (const trial of cases) {
        const { verdict, checks } = await lane.roundTrip(trial);
        const steps = lane.takeSteps().map(({ name }) => name);
        expect(steps).toContain('wipe');
        expect(checks.some(({ outcome }) => outcome === 'failed')).toBe(verdict === 'lossy');
        seen.push([verdict, steps.includes('dump')]);
      }
    }
    expect(ground.run.remaining).toEqual([ground.template.name]);
    return seen;
  });
}

const FRESH: Case = { ...PLAIN, target: { kind: 'fresh' } };
const SCHEMA_ONLY: Case = { ...PLAIN, restore: { tool: 'pg_restore', options: ['--schema-only'] } };
const REFUSED: Case = {
  ...PLAIN,
  restore: { tool: 'pg_restore', options: ['--schema-only', '--data-only'] },
};

test('a backup is taken once and restored in several ways, and what is lost in one of them is seen there', async () => {
  expect(await tried([PLAIN, FRESH, SCHEMA_ONLY, PLAIN])).toEqual([
    ['faithful', true],
    ['faithful', false],
    ['lossy', false],
    ['faithful', false],
  ]);
});

test('after a refusal, and for another workload or dump, a backup is taken anew', async () => {
  const other: Case = { ...PLAIN, dump: { ...PLAIN.dump, rows: 'inserts' } };
  expect(await tried([PLAIN, REFUSED, PLAIN, smokeCase(6), other])).toEqual([
    ['faithful', true],
    ['refused', false],
    ['faithful', true],
    ['faithful', true],
    ['faithful', true],
  ]);
});

test('a case with a disturbance shares nothing', async () => {
  const disturbed: Case = { ...PLAIN, disturbance: { sql: 'TRUNCATE audit_events' } };
  expect(await tried([PLAIN, disturbed])).toEqual([
    ['faithful', true],
    ['lossy', true],
  ]);
});

test('a lane that was not asked to share takes a backup for each trial', async () => {
  expect(await tried([PLAIN, PLAIN], false)).toEqual([
    ['faithful', true],
    ['faithful', true],
  ]);
});
