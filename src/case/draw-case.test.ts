import fc from 'fast-check';
import { expect, test } from 'vitest';
import { caseFacts } from './case-facts.ts';
import type { Case } from './case.ts';
import { classifyPlan } from './classes.ts';
import { drawCase } from './draw-case.ts';
import type { Space } from './draw-case.ts';
import type { World } from './world.ts';
import { parseVersion } from '../postgres/version.ts';
import { describePrediction, predict } from '../verdict/predict.ts';
import { auditChain } from '../subject/audit-chain.ts';

function worldOf(version: string, more: Partial<World> = {}): World {
  const parsed = parseVersion(version);
  if (!parsed) throw new Error(version);
  return {
    subject: auditChain.traits,
    server: parsed,
    tools: parsed,
    compression: parsed.major >= 16 ? ['gzip', 'lz4', 'zstd'] : ['gzip'],
    locales: ['C', 'POSIX', 'C.UTF-8', 'de_DE.iso88591'],
    icu: true,
    superuser: true,
    ...more,
  };
}

const drawn = new Map<string, Case[]>();

const drawAnew = (world: World, space: Space, count: number): Case[] =>
  fc.sample(drawCase(world, space), { seed: 7, numRuns: count });

/** The same cases for the same question, drawn once. */
function draw(world: World, space: Space, count: number): Case[] {
  const key = JSON.stringify([world, space, count]);
  const cases = drawn.get(key) ?? drawAnew(world, space, count);
  drawn.set(key, cases);
  return cases;
}

const predicted = (trial: Case, world: World): string =>
  describePrediction(predict(trial, caseFacts(trial.workload, auditChain.traits), world));

const VERSIONS = ['13.14', '14.19', '15.18', '16.10', '17.6', '18.1'];

test.each<Space>(['envelope', 'anything'])('the same seed gives the same cases in the %s', (space) => {
  const world = worldOf('15.18');
  expect(JSON.stringify(drawAnew(world, space, 60))).toBe(JSON.stringify(drawAnew(world, space, 60)));
});

test('a case survives JSON', () => {
  for (const trial of draw(worldOf('17.6'), 'anything', 300)) {
    expect(JSON.parse(JSON.stringify(trial))).toStrictEqual(trial);
  }
});

test.each(VERSIONS)('everything in the envelope is predicted to be faithful on PostgreSQL %s', (version) => {
  const world = worldOf(version);
  const surprises = draw(world, 'envelope', 150)
    .map((trial) => predicted(trial, world))
    .filter((prediction) => !['faithful', 'source-invalid'].includes(prediction));
  expect(surprises).toEqual([]);
});

test('of the whole space four in ten are faithful, one in ten is rejected by the tools', () => {
  const world = worldOf('15.18');
  const predictions = draw(world, 'anything', 500).map((trial) =>
    predict(trial, caseFacts(trial.workload, auditChain.traits), world),
  );
  const faithful = predictions.filter(({ verdict }) => verdict === 'faithful').length;
  const rejected = predictions.filter((prediction) => 'because' in prediction).length;
  expect(faithful).toBeGreaterThan(150);
  expect(faithful).toBeLessThan(260);
  expect(rejected).toBeGreaterThan(25);
  expect(rejected).toBeLessThan(80);
});

test('an ordinary role is not asked for what takes a superuser', () => {
  const world = worldOf('15.18', { superuser: false });
  const texts = draw(world, 'anything', 300).map(({ dump, restore, target }) =>
    JSON.stringify({ dump, restore, target }),
  );
  expect(texts.filter((text) => text.includes('session_replication_role'))).toEqual([]);
});

test('a plan is classified once under each label', () => {
  const [trial] = draw(worldOf('15.18'), 'envelope', 1);
  if (!trial) throw new Error('nothing drawn');
  const labels = classifyPlan({
    ...trial,
    dump: { format: 'directory', compress: '6', jobs: 2, options: ['--no-owner', '--encoding=UTF8'] },
    restore: { tool: 'script', environment: { PGTZ: 'UTC' } },
    target: { kind: 'fresh', encoding: 'LATIN1', provider: 'libc', locale: 'C' },
  });
  expect(labels).toEqual([...new Set(labels)]);
  expect(labels).toEqual(
    expect.arrayContaining([
      'format:directory',
      'compress:gzip',
      'dump-jobs:parallel',
      'option:--no-owner',
      'option:--encoding',
      'restore:script',
      'restore-environment:PGTZ',
      'target:latin1',
      'collation:libc:C',
    ]),
  );
});
