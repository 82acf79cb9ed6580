import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawDenseText, drawText, textClasses, type Repertoire } from './draw-text.ts';

const BEYOND: Record<Repertoire, RegExp> = {
  ascii: /\P{ASCII}/u,
  latin1: /[\u0100-\u{10ffff}]/u,
  unicode: /\0/u,
};

describe.each(['ascii', 'latin1', 'unicode'] as const)('%s', (repertoire) => {
  test.each([50, 255])('texts of at most %i characters, of that repertoire, without U+0000', (limit) => {
    const texts = fc.sample(drawText({ repertoire, texts: textClasses(repertoire) }, limit), {
      seed: 1,
      numRuns: 1000,
    });
    for (const text of texts) {
      expect(Array.from(text).length).toBeLessThanOrEqual(limit);
      expect(text).not.toMatch(BEYOND[repertoire]);
      expect(text).not.toContain('\0');
      expect(text.isWellFormed()).toBe(true);
    }
    expect(texts.some((text) => Array.from(text).length === limit)).toBe(true);
    expect(texts).toContain('');
  });
});

test('without classes there is printable ASCII only', () => {
  const texts = fc.sample(drawText({ repertoire: 'unicode', texts: [] }, 255), { seed: 1, numRuns: 300 });
  expect(texts.join('')).toMatch(/^[ -~]+$/);
});

test('dense text has the length asked for and hardly repeats', () => {
  for (const text of fc.sample(drawDenseText(4000), { seed: 1, numRuns: 20 })) {
    expect(text).toMatch(/^[\w+/]{4000}$/);
    const triples = new Set(Array.from({ length: 3998 }, (_, index) => text.slice(index, index + 3)));
    expect(triples.size).toBeGreaterThan(3500);
  }
});
