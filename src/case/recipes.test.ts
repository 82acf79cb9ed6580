import { describe, expect, test } from 'vitest';
import { drawAt } from '../fuzz/draw.ts';
import { parseVersion } from '../postgres/version.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { hardened } from '../subject/hardened.ts';
import { HAZARDS } from '../verdict/hazards.ts';
import { UPGRADE_HAZARDS } from '../verdict/upgrade-hazards.ts';
import { predict } from '../verdict/predict.ts';
import { caseFacts } from './case-facts.ts';
import { drawHazardous } from './draw-case.ts';
import { hazardsToDraw, OFTEN_MISSED } from './recipes.ts';
import type { World } from './world.ts';

function worldOf(version: string, more: Partial<World> = {}): World {
  const parsed = parseVersion(version);
  if (!parsed) throw new Error(version);
  return {
    subject: auditChain.traits,
    server: parsed,
    tools: parsed,
    compression: ['gzip'],
    locales: ['C', 'C.UTF-8'],
    icu: true,
    superuser: true,
    ...more,
  };
}

const world = worldOf('15.18');
/** Those that one server shows; the others take two. */
const ids = HAZARDS.filter((hazard) => !UPGRADE_HAZARDS.includes(hazard))
  .map(({ id }) => id)
  .toSorted();

const hardenedWorld = worldOf('15.18', { subject: hardened.traits });

test('there is a recipe for each hazard, and none for anything else', () => {
  const drawn = [world, hardenedWorld].flatMap(hazardsToDraw);
  expect([...new Set(drawn)].toSorted()).toEqual(ids);
  expect(OFTEN_MISSED.filter((hazard) => !ids.includes(hazard))).toEqual([]);
});

test('of a schema that is only described, the hazards of the plan are drawn, and no encodings beside', () => {
  const described = worldOf('15.18', { subject: { ...auditChain.traits, intake: undefined } });
  const drawn = hazardsToDraw(described);
  expect(drawn).toContain('autocommit-off');
  expect(drawn).not.toContain('head-not-replaced');
  for (const hazard of drawn)
    for (const index of [0, 1, 2, 3, 4]) {
      const trial = drawAt(drawHazardous(described, hazard), 5, index);
      expect(trial.target).not.toHaveProperty('encoding', expect.not.stringMatching('UTF8'));
    }
});

describe('a case by the recipe of a hazard', () => {
  const CASES = 20;
  const others = ['triggers-refuse-data', 'always-triggers-become-ordinary', 'schema-public-closed'];
  test.each(ids)('shows it, as a rule: %s', (id) => {
    const where = others.includes(id) ? hardenedWorld : world;
    const arbitrary = drawHazardous(where, id);
    const predicted = Array.from({ length: CASES }, (_, index) => {
      const trial = drawAt(arbitrary, 11, index);
      return predict(trial, caseFacts(trial.workload, where.subject), where);
    });
    const shown = predicted.filter((prediction) => 'hazard' in prediction && prediction.hazard === id);
    // The least of them, psql-goes-on, shows in half of its cases.
    expect(shown.length).toBeGreaterThanOrEqual(CASES / 4);
    expect(predicted.filter(({ verdict }) => verdict === 'source-invalid')).toEqual([]);
  });
});

test('what cannot be in a world is not drawn there', () => {
  const here = hazardsToDraw(world);
  const missing = (other: World): string[] =>
    here.filter((id) => !hazardsToDraw(other).includes(id)).toSorted();
  expect(missing(worldOf('15.18', { superuser: false }))).toEqual(['head-not-replaced', 'triggers-asleep']);
  expect(missing(worldOf('15.18', { icu: false }))).toEqual(['ties-in-another-order']);
  expect(missing(worldOf('14.19'))).toEqual(['ties-in-another-order']);
  expect(missing(hardenedWorld)).toEqual([
    'bytes-counted-as-characters',
    'hash-over-server-encoding',
    'schema-without-extension',
    'search-path-without-public',
    'ties-in-another-order',
    'triggers-asleep',
    'triggers-fire-on-data',
  ]);
});
