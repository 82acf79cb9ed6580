import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditChain } from '../subject/audit-chain.ts';
import { NOTHING_BESIDE } from '../test-installed.ts';
import { drawAnotherRestore, drawCase } from './draw-case.ts';
import type { World } from './world.ts';

const version = { major: 15, minor: 18, text: '15.18' };

/** Of a subject with nothing beside it, that can or cannot be installed twice. */
function worldOf(again: boolean): World {
  const installed = { ...NOTHING_BESIDE, again };
  return {
    subject: { ...auditChain.traits, installed },
    server: version,
    tools: version,
    compression: ['gzip'],
    locales: ['C'],
    icu: true,
    superuser: true,
  };
}

/** How many of the restores drawn for the dump of one case go into a prepared target. */
function preparedTargets(again: boolean): number {
  const world = worldOf(again);
  const another = drawCase(world, 'envelope').chain(
    (trial) => drawAnotherRestore(world, trial) ?? fc.constant(trial),
  );
  const drawn = fc.sample(another, { seed: 7, numRuns: 400 });
  return drawn.filter(({ target }) => target.kind === 'fresh' && target.prepared === true).length;
}

test('another restore of a dump keeps to the subject as the first one does', () => {
  expect(preparedTargets(true)).toBeGreaterThan(0);
  expect(preparedTargets(false)).toBe(0);
});
