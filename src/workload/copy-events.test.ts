import { expect, test } from 'vitest';
import { copyField } from './copy-events.ts';

test.each([
  [null, '\\N'],
  ['', ''],
  ['\\N', '\\\\N'],
  ['\\.', '\\\\.'],
  ['a\tb\nc\rd\\', 'a\\tb\\nc\\rd\\\\'],
  ['\b\f\v', '\\b\\f\\v'],
  ['\u0001 é 😀 \u0085 \u2028', '\u0001 é 😀 \u0085 \u2028'],
])('%j is written as %j', (value, field) => {
  expect(copyField(value)).toBe(field);
});
