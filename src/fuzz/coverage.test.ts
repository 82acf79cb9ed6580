import { expect, test } from 'vitest';
import { coverageOf, floorsOf, missedFloors } from './coverage.ts';
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
  const drawn = [...outcomes(1990, ['a']), ...outcomes(10, ['b'])];
  expect(missedFloors(floorsOf(drawn, { a: 500, b: 6, c: 1 }))).toEqual([
    { label: 'b', cases: 10, perThousand: 6, wanted: 12 },
    { label: 'c', cases: 0, perThousand: 1, wanted: 2 },
  ]);
});

test('a short run says nothing about floors', () => {
  expect(missedFloors(floorsOf(outcomes(999, []), { a: 3 }))).toEqual([]);
});

test('cases of the corpus do not count towards a floor', () => {
  const corpus: Outcome[] = outcomes(5, ['a']).map((outcome) => ({ ...outcome, origin: { corpus: 'x' } }));
  expect(missedFloors(floorsOf([...outcomes(1000, []), ...corpus], { a: 1 }))).toEqual([
    { label: 'a', cases: 0, perThousand: 1, wanted: 1 },
  ]);
});
