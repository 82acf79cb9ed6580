import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeIssue, readJson } from './json-document.ts';

test.each([
  ['', 'the file is empty'],
  [' \n', 'the file is empty'],
  ['{"a": "b', 'it is cut short: the text ends too early'],
  ['{"a": 1, ', 'it is cut short: the text ends too early'],
  ['\u007fELF\0\0', 'it holds binary data'],
  ['PGDMP\uFFFD', 'it holds binary data'],
  ['{\n  "a": x}', 'a part of its text is no JSON'],
  ['{\n  "a": 1, b}', 'in line 2 its text is no JSON'],
  ['CREATE TABLE audit_events (id text)', 'it begins with "CREATE TABLE audit_e"'],
])('%j is no JSON, and why', (text, fault) => {
  expect(readJson(text)).toEqual({ fault });
});

test('JSON is read', () => {
  expect(readJson('{"a": [1, null]}')).toEqual({ value: { a: [1, null] } });
});

const schema = z.strictObject({
  name: z.string(),
  kind: z.enum(['a', 'b']).optional(),
  rows: z.array(z.strictObject({ n: z.number().int().positive() })).optional(),
  other: z.union([z.string(), z.strictObject({ x: z.string() })]).optional(),
  by: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('only') })]).optional(),
  digits: z.string().regex(/^\d+$/, 'digits are wanted').optional(),
});

test.each([
  [null, 'the case is not an object'],
  [[], 'the case is not an object'],
  [{}, 'name is missing'],
  [{ name: 1 }, 'name is not text'],
  [{ name: null }, 'name is not text'],
  [{ name: 'x', kind: 'c' }, 'kind is none of "a", "b"'],
  [{ name: 'x', rows: {} }, 'rows is not a list'],
  [{ name: 'x', rows: [{ n: 1 }, { n: 1.5 }] }, 'rows.1.n is not a whole number'],
  [{ name: 'x', rows: [{ n: 1, m: 1 }] }, 'rows.0 has m, which this version does not know'],
  [{ name: 'x', other: 1 }, 'other is none of the forms that are known'],
  [{ name: 'x', by: { kind: 'none' } }, 'by.kind is none of the forms that are known'],
  [{ name: 'x', digits: 'a' }, 'digits: digits are wanted'],
])('%j is told in plain words', (value, words) => {
  const { error } = schema.safeParse(value);
  expect(error && describeIssue(error, 'the case')).toBe(words);
});
