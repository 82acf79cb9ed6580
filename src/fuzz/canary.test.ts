import { expect, test } from 'vitest';
import { flewInVain, isCanary } from './canary.ts';

function canariesOf(seed: number, cases: number): number[] {
  return Array.from({ length: cases }, (_, index) => index).filter((index) => isCanary(seed, index));
}

test('one case in every hundred is a canary, wherever the seed puts it', () => {
  for (const seed of [1, 2, 3, 20_260_105]) {
    const found = canariesOf(seed, 500);
    expect(found.map((index) => Math.floor(index / 100))).toEqual([0, 1, 2, 3, 4]);
  }
  expect(new Set([1, 2, 3, 4, 5].flatMap((seed) => canariesOf(seed, 100))).size).toBeGreaterThan(2);
});

test('where each shard takes every fourth case, each gets canaries', () => {
  const shards = new Set(canariesOf(7, 3000).map((index) => index % 4));
  expect(shards.size).toBe(4);
});

test('canaries of which none struck show nothing; where none flew nothing is missed', () => {
  const canary = { index: 1, mutant: 'a', struck: false, killed: false };
  expect(flewInVain([])).toBe(false);
  expect(flewInVain([canary])).toBe(true);
  expect(flewInVain([canary, { ...canary, struck: true }])).toBe(false);
});
