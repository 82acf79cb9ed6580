import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smokeCase } from '../case/smoke-case.ts';
import { propertyAt } from './choose-property.ts';
import type { Property } from './property.ts';

function weighing(weight: number): Property {
  const judge: Property['judge'] = () => Promise.reject(new Error('never judged'));
  const draw = () => fc.constant(smokeCase(1));
  return { name: `of weight ${weight}`, promise: 'It is light.', weight, quickCases: 1, draw, judge };
}

test('properties are drawn by weight, and one of no weight only where it is asked for', () => {
  const [light, heavy, none] = [weighing(1), weighing(3), weighing(0)];
  const drawn = Array.from({ length: 4000 }, (_, index) => propertyAt([light, heavy, none], 9, index));
  const share = drawn.filter((property) => property === heavy).length / drawn.length;
  expect(share).toBeGreaterThan(0.7);
  expect(share).toBeLessThan(0.8);
  expect(drawn).not.toContain(none);
  expect(propertyAt([none], 9, 0)).toBe(none);
});
