import { expect, test } from 'vitest';
import { coverageOf, floorsOf, leastCount, missedFloors } from './coverage.ts';
import type { Outcome } from './outcome.ts';

function outcomes(
  count: number,
  labels: readonly string[],
  verdict: Outcome['verdict'] = 'faithful',
): Outcome[] {
  return Array.from({ length: count }, (_, index) => ({
    origin: { index },
    property: 'p',
    predicted: 'faithful',
    verdict,
    at: 1,
    milliseconds: 1,
    steps: [],
    labels,
  }));
}

test('classes are counted by verdict', () => {
  expect(coverageOf([...outcomes(2, ['a', 'b']), ...outcomes(1, ['b'], 'lossy')])).toEqual([
    { label: 'a', cases: 2, verdicts: { faithful: 2 } },
    { label: 'b', cases: 3, verdicts: { faithful: 2, lossy: 1 } },
  ]);
});

test('a deep run that never drew a class, or drew it too seldom, misses its floor', () => {
  const drawn = [...outcomes(1992, ['a']), ...outcomes(8, ['b'])];
  expect(missedFloors(floorsOf(drawn, { a: 500, b: 21, c: 7, d: 6 }))).toEqual([
    // 42 less five times the root of 41.1.
    { label: 'b', cases: 8, perThousand: 21, wanted: 9 },
    { label: 'c', cases: 0, perThousand: 7, wanted: 1 },
  ]);
});

test('a short run says nothing about floors', () => {
  expect(missedFloors(floorsOf(outcomes(990, []), { a: 300 }, 10))).not.toEqual([]);
  expect(missedFloors(floorsOf(outcomes(999, []), { a: 300 }))).toEqual([]);
});

test('cases of the corpus do not count towards a floor', () => {
  const corpus: Outcome[] = outcomes(5, ['a']).map((outcome) => ({ ...outcome, origin: { corpus: 'x' } }));
  expect(missedFloors(floorsOf([...outcomes(1000, []), ...corpus], { a: 16 }))).toEqual([
    { label: 'a', cases: 0, perThousand: 16, wanted: 1 },
  ]);
});

test.each([
  [0.5, 10_000, 4750],
  [0.1, 1000, 52],
  [0.02, 1000, 1],
  [0.014, 1000, 1],
  [0.01, 1000, 0],
  [0.01, 5000, 14],
  [1, 1000, 1000],
  [0, 1000, 0],
])('of a class as probable as %f in %i cases at least %i are wanted', (probability, cases, least) => {
  expect(leastCount(probability, cases)).toBe(least);
});
