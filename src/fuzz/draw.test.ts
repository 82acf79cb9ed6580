import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawAt } from './draw.ts';

test('of several arbitraries it is the turn of the index, and the seed decides the value', () => {
  const turns = ['a', 'b', 'c'].map((name) => fc.nat().map((value) => `${name}${value}`));
  const drawn = [0, 1, 2, 3, 4].map((index) => drawAt(turns, 9, index));
  expect(drawn.map((text) => text[0])).toEqual(['a', 'b', 'c', 'a', 'b']);
  expect(drawn).toEqual([0, 1, 2, 3, 4].map((index) => drawAt(turns, 9, index)));
  expect(drawAt(turns, 8, 0)).not.toBe(drawn[0]);
  expect(drawn[3]).not.toBe(drawn[0]);
});

test('of none nothing can be drawn', () => {
  expect(() => drawAt([], 1, 0)).toThrow('nothing to draw from');
});
