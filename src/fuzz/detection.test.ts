import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Case } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import type { World } from '../case/world.ts';
import { MUTANTS } from '../mutants/catalogue.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { casesToDetection } from './detection.ts';

const version = { major: 15, minor: 18, text: '15.18' };
const world: World = {
  subject: auditChain.traits,
  server: version,
  tools: version,
  compression: ['gzip'],
  locales: ['C'],
  icu: true,
  superuser: true,
};

const rejected: Case = { ...smokeCase(1), dump: { format: 'tar', compress: '6' } };
const leftOut: Case = { ...smokeCase(3), dump: { format: 'custom', options: ['--schema-only'] } };

/** What each seed draws one after another, whatever it is. */
function drawing(...cases: readonly Case[]): fc.Arbitrary<Case> {
  let next = 0;
  return fc.constant(undefined).map(() => cases[next++ % cases.length] as Case);
}

test('the first case counts that is predicted to show a thing, or gives a mutant something to strike at', () => {
  const firstRowLost = MUTANTS.filter(({ id }) => id === 'first-row-lost');
  const found = casesToDetection({
    world,
    draw: drawing(rejected, leftOut, smokeCase(0), leftOut, smokeCase(3), rejected),
    seeds: [1, 2],
    most: 6,
    mutants: firstRowLost,
  });
  const casesOf = (id: string) => found.find((one) => one.id === id)?.cases;
  expect(casesOf('tar-compressed')).toEqual([1, 1]);
  expect(casesOf('data-left-out')).toEqual([2, 2]);
  expect(casesOf('first-row-lost')).toEqual([5, 5]);
  expect(casesOf('autocommit-off')).toEqual([Infinity, Infinity]);
});
