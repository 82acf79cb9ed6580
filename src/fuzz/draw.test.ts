import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawAt } from './draw.ts';

const turns = ['a', 'b', 'c'].map((name) => fc.nat().map((value) => `${name}${value}`));

test('of several arbitraries it is the turn of the index, and the seed decides the value', () => {
  const drawn = [0, 1, 2, 3, 4].map((index) => drawAt(turns, 9, index));
  expect('abcabcabc').toContain(drawn.map((text) => text[0]).join(''));
  expect(drawn).toEqual([0, 1, 2, 3, 4].map((index) => drawAt(turns, 9, index)));
  expect(drawAt(turns, 8, 0)).not.toBe(drawn[0]);
  expect(drawn[3]).not.toBe(drawn[0]);
});

test('the seed says whose turn is first', () => {
  const firsts = Array.from({ length: 20 }, (_, seed) => drawAt(turns, seed, 0)[0]);
  expect(new Set(firsts)).toEqual(new Set(['a', 'b', 'c']));
});

test('of none nothing can be drawn', () => {
  expect(() => drawAt([], 1, 0)).toThrow('nothing to draw from');
});
