import { expect, test } from 'vitest';
import { createColors } from 'picocolors';
import {
  isFlaw,
  missedByFirstFour,
  standingOf,
  type MutantReport,
} from '../fuzz/selftest/selftest-result.ts';
import type { Killer } from '../fuzz/selftest/try-mutant.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { CHECK_IDS, FIRST_FOUR_CHECKS } from '../verdict/check.ts';
import { killMatrixLines, selftestSummary } from './kill-matrix-text.ts';
import { concludeSelftest } from './selftest-report.ts';

const VIEW = { checks: CHECK_IDS, firstFour: FIRST_FOUR_CHECKS, standingOf, isFlaw, missedByFirstFour };
const PLAIN = createColors(false);

function report(id: string, killedBy: readonly Killer[], rest: Partial<MutantReport> = {}): MutantReport {
  const mutant: Mutant = { id, what: `What ${id} is.`, strikes: 'rows', fault: { at: 'restored', sql: '' } };
  return { mutant, fixed: { struck: true, killedBy }, drawn: { tried: 0, killedBy: [] }, ...rest };
}

function shown(...reports: MutantReport[]): string[] {
  const result = { reports, seed: 7, cases: 20, milliseconds: 1500 };
  const conclusion = concludeSelftest(reports, VIEW);
  const end = { view: VIEW, conclusion, palette: PLAIN };
  return [...killMatrixLines(result, VIEW, PLAIN), ...selftestSummary(result, end)];
}

test('a line for each mutant, with a column for each check, fits into 100 columns', () => {
  const lines = shown(
    report('history-rewritten-before-the-dumps', ['row-count', 'verify-walked', 'second-dump-equal'], {
      drawn: { tried: 1, struckAt: 4, killedBy: ['row-bytes'] },
    }),
    report('quiet', ['row-bytes']),
  );
  expect(lines).toContain(
    '  mutant                             rc ch vc vw rb cr sc ac we ts sd to  the four   cases',
  );
  expect(lines).toContain(
    '  history-rewritten-before-the-dumps  ×  ·  ·  ×  ·  ·  ·  ·  ·  ·  ×  ·  see it     5',
  );
  expect(lines).toContain(
    '  quiet                               ·  ·  ·  ·  ×  ·  ·  ·  ·  ·  ·  ·  miss it    > 20',
  );
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  expect(lines.at(-1)).toBe('PASS  every mutant that can be seen was killed');
});

test.each([
  ['survived on the fixed case', report('a', [])],
  ['survived on drawn case 3', report('a', ['schema'], { drawn: { tried: 1, struckAt: 3, killedBy: [] } })],
  ['did not change anything', report('a', ['schema'], { fixed: { struck: false, killedBy: [] } })],
  [
    'was seen, though it should be by nature unseen',
    { ...report('a', ['schema']), mutant: { ...report('a', []).mutant, unseen: 'because' } },
  ],
])('a mutant that %s makes the run red and is named', (words, flawed) => {
  const lines = shown(report('fine', ['schema']), flawed);
  expect(lines.at(-1)).toBe('FAIL  1 of 2 mutants did not end as they have to');
  expect(lines.find((line) => line.startsWith('  a: '))).toContain(words);
});

test('a mutant that this server gives nothing to strike at is told apart from both', () => {
  const lines = shown(report('a', [], { fixed: undefined }));
  expect(lines).toContain('  not tried: a needs a superuser');
  expect(lines.at(-1)).toMatch(/^PASS/);
});
