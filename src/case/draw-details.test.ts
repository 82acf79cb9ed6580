import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DETAILS_CLASSES, drawDetails } from './draw-details.ts';
import { textClasses } from './draw-text.ts';
import { jsonRefusal } from './json-text.ts';

const everything = {
  repertoire: 'unicode',
  texts: textClasses('unicode'),
  details: DETAILS_CLASSES,
} as const;

test('nothing that jsonb refuses is drawn', () => {
  for (const json of fc.sample(drawDetails(everything), { seed: 1, numRuns: 1000 })) {
    expect(json === null ? undefined : jsonRefusal(json)).toBeUndefined();
  }
});

test('without classes there are small flat objects of unlike keys', () => {
  const plain = drawDetails({ repertoire: 'unicode', texts: [], details: [] });
  const drawn = fc.sample(plain, { seed: 1, numRuns: 300 }).filter((json) => json !== null);
  expect(drawn.map((json) => JSON.stringify(JSON.parse(json)))).toEqual(drawn);
});
