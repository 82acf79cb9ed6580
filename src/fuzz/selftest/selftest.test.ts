import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MUTANTS } from '../../mutants/catalogue.ts';
import type { Engine } from '../../postgres/engine.ts';
import { openEngine } from '../../postgres/open-engine.ts';
import { renderKillMatrix } from '../../report/kill-matrix-page.ts';
import { CHECK_IDS, FIRST_FOUR_CHECKS, NEVER_ALONE } from '../../verdict/check.ts';
import { withGround } from '../with-ground.ts';
import {
  aloneKilled,
  isFlaw,
  missedByFirstFour,
  standingOf,
  type SelftestResult,
} from './selftest-result.ts';
import { runSelftest } from './selftest-run.ts';

let engine: Engine;
let result: SelftestResult;

beforeAll(async () => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  engine = await openEngine({ engine: 'local', download: true, say });
  const plan = { mutants: MUTANTS, seed: 1, cases: 0, lanes: 2 };
  result = await withGround(engine, {}, (ground) => runSelftest(plan, ground));
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

test('every mutant strikes, and a check or a tool reports it, unless nothing can', () => {
  const flaws = result.reports.filter(isFlaw);
  expect(flaws.map((report) => `${report.mutant.id}: ${standingOf(report)}`)).toEqual([]);
  expect(result.reports.filter((report) => standingOf(report) === 'not tried')).toEqual([]);
  expect(result.reports.length).toBeGreaterThanOrEqual(40);
});

test('every check alone reports some mutant, or is worth its place for a reason', () => {
  const alone = aloneKilled(result.reports);
  for (const check of CHECK_IDS) {
    const mutants = alone.get(check) ?? [];
    expect([check, mutants.length > 0]).toEqual([check, NEVER_ALONE[check] === undefined]);
  }
});

// Worked out by hand: what the four mission checks cannot see.
test.each([
  'era-lost',
  'history-rewritten',
  'worm-trigger-disabled',
  'primary-key-lost',
  'source-verifier-lies',
])('the four checks alone would have missed %s', (id) => {
  const report = result.reports.find(({ mutant }) => mutant.id === id);
  expect(report && missedByFirstFour(report)).toBe(true);
});

// `UPDATE_DOCS=1 npx vitest run src/fuzz/selftest/selftest.test.ts` writes it.
describe('docs/kill-matrix.md', () => {
  const page = new URL('../../../docs/kill-matrix.md', import.meta.url);

  test('is what this run showed, where it is of the same major version', async () => {
    const rendered = renderKillMatrix(result, {
      major: engine.serverVersion.major,
      firstFour: FIRST_FOUR_CHECKS,
      alone: aloneKilled(result.reports),
      neverAlone: NEVER_ALONE,
      missedByFirstFour,
    });
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(page, rendered);
    const written = await readFile(page, 'utf8');
    const sameMajor = written.includes(` by PostgreSQL ${engine.serverVersion.major}.`);
    expect(sameMajor ? written : rendered).toBe(rendered);
  });
});
