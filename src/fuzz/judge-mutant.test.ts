import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Case } from '../case/case.ts';
import { variedCase } from '../case/varied-case.ts';
import type { Engine } from '../postgres/engine.ts';
import { openEngine } from '../postgres/open-engine.ts';
import { judgeMutant } from './judge-mutant.ts';
import { Lane } from './lane.ts';
import type { Judgement } from './property.ts';
import { withGround } from './with-ground.ts';

let engine: Engine;

beforeAll(async () => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  engine = await openEngine({ engine: 'local', download: true, say });
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

function judged(mutant: string, trial: Case = variedCase()): Promise<Judgement> {
  const disturbed = { ...trial, disturbance: { mutant } };
  return withGround(engine, {}, (ground) => judgeMutant(disturbed, new Lane(ground, 'mutant')));
}

test('a mutant that a check reports is killed, and no finding', async () => {
  const { finding, mutant, verdict } = await judged('era-lost');
  expect(finding).toBeUndefined();
  expect(mutant).toEqual({ id: 'era-lost', struck: true, killed: true });
  expect(verdict).toBe('lossy');
});

test('a survivor is a finding that names the mutant', async () => {
  const { finding, mutant } = await judged('history-rewritten-before-the-dump');
  expect(mutant).toMatchObject({ struck: true, killed: false });
  expect(finding?.summary).toContain('the checks did not see the mutant history-rewritten-before-the-dump: ');
});

test('a mutant that finds nothing to strike at is neither killed nor a survivor', async () => {
  const { finding, mutant } = await judged('last-row-lost', {
    ...variedCase(),
    workload: { transactions: [] },
  });
  expect(mutant).toEqual({ id: 'last-row-lost', struck: false, killed: false });
  expect(finding).toBeUndefined();
});

// What these files hold nobody signs: gzip's checksum is made anew with them.
test.each<[string, Case['dump']]>([
  ['dump-without-eras', { format: 'directory' }],
  ['dump-without-last-row', { format: 'directory', compress: '0', options: ['--quote-all-identifiers'] }],
])('%s strikes the file of a table in %o, too', async (id, dump) => {
  const trial: Case = { ...variedCase(), dump, restore: { tool: 'pg_restore' } };
  const { finding, mutant, verdict } = await judged(id, trial);
  expect(mutant).toEqual({ id, struck: true, killed: true });
  expect(verdict).toBe('lossy');
  expect(finding).toBeUndefined();
});

test('a setting that a fresh database is not made with is seen, one that it is made with is not', async () => {
  const target = { kind: 'fresh', settings: { TimeZone: 'UTC' } } as const;
  const { finding, mutant } = await judged('database-search-path-reordered', { ...variedCase(), target });
  expect(mutant).toMatchObject({ struck: true, killed: true });
  expect(finding).toBeUndefined();
});

test('what is no mutant is refused in words', async () => {
  const work = withGround(engine, {}, (ground) => judgeMutant(variedCase(), new Lane(ground, 'mutant')));
  await expect(work).rejects.toThrow('the property every-mutant-is-killed cannot be tried');
});
