import { expect, test } from 'vitest';
import type { Case } from '../../case/case.ts';
import { smokeCase } from '../../case/smoke-case.ts';
import { variedCase } from '../../case/varied-case.ts';
import type { World } from '../../case/world.ts';
import { mutantNamed } from '../../mutants/catalogue.ts';
import { auditChain } from '../../subject/audit-chain.ts';
import { fitting } from './fits.ts';

const WORLD: World = {
  server: { major: 15, minor: 18, text: '15.18' },
  tools: { major: 15, minor: 18, text: '15.18' },
  compression: [],
  locales: [],
  icu: false,
  superuser: true,
  subject: auditChain.traits,
};

function fits(id: string, change: Partial<Case> = {}, world: Partial<World> = {}): boolean {
  return fitting([mutantNamed(id)], { ...variedCase(), ...change }, { ...WORLD, ...world }).length === 1;
}

test('a mutant of rows fits where there are such rows', () => {
  expect(fits('last-row-lost')).toBe(true);
  expect(fits('last-row-lost', { workload: { transactions: [] } })).toBe(false);
  expect(fits('era-lost')).toBe(true);
  expect(fits('era-lost', smokeCase(3))).toBe(false);
});

test('a mutant of what the plan leaves behind fits where it is not left behind', () => {
  expect(fits('grant-lost')).toBe(true);
  expect(fits('grant-lost', { dump: { format: 'plain', options: ['--no-acl'] } })).toBe(false);
  expect(fits('large-object-lost', { dump: { format: 'plain', options: ['-B'] } })).toBe(false);
});

test('what takes a superuser, a script or a source with more in it does not fit without', () => {
  expect(fits('table-owner-changed', {}, { superuser: false })).toBe(false);
  expect(fits('script-without-grants', { dump: { format: 'directory' } })).toBe(false);
  expect(fits('dump-without-last-row', { dump: { format: 'custom' } })).toBe(false);
  expect(fits('dump-without-last-row', { dump: { format: 'directory', compress: 'zstd:3' } })).toBe(false);
  expect(fits('dump-without-last-row', { dump: { format: 'directory', compress: 'gzip:1' } })).toBe(true);
  expect(fits('sequence-rewound')).toBe(true);
  expect(fits('sequence-rewound', { target: { kind: 'fresh', prepared: true } })).toBe(false);
});
