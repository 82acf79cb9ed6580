import { expect, test } from 'vitest';
import { differing, type Piece } from './differing.ts';

/** What differs in brackets. */
function shown(pieces: readonly Piece[]): string {
  return pieces.map(({ text, differs }) => (differs ? `[${text}]` : text)).join('');
}

test.each([
  [
    '2000-01-01 00:00:00.000001+00',
    '2000-01-01 00:00:00.000000+00',
    '2000-01-01 00:00:00.00000[1]+00',
    '2000-01-01 00:00:00.00000[0]+00',
    25,
    '31',
    '30',
  ],
  ['abcdef', 'aXcYef', 'a[b]c[d]ef', 'a[X]c[Y]ef', 1, '62 63 64', '58 63 59'],
  ['"é"', '"e\u0301"', '"[é]"', '"[e\u0301]"', 1, 'c3 a9', '65 cc 81'],
  ['"a "', '"a"', '"a[ ]"', '"a"', 2, '20', 'none'],
  ['aa', 'aaa', 'aa', 'aa[a]', 2, 'none', '61'],
  ['𝄞x', '𝄢x', '[𝄞]x', '[𝄢]x', 0, 'f0 9d 84 9e', 'f0 9d 84 a2'],
])('%j and %j', (source, restored, left, right, at, one, other) => {
  const found = differing(source, restored);
  expect([shown(found.source), shown(found.restored)]).toEqual([left, right]);
  expect(found.bytes).toEqual({ at, source: one, restored: other });
});

test('values that are equal, or have nothing in common, name no bytes', () => {
  expect(differing('same', 'same').bytes).toBeUndefined();
  const sentences = differing('clean', 'break at row 1');
  expect(sentences.bytes).toBeUndefined();
  expect(shown([...sentences.source, ...sentences.restored])).toBe('cleanbreak at row 1');
});

test('long values are cut around what differs', () => {
  const long = 'x'.repeat(1_000_000);
  const { source, restored, bytes } = differing(`${long}a${long}`, `${long}bb${long}`);
  expect(shown(source)).toBe(`…${'x'.repeat(60)}[a]${'x'.repeat(60)}… (999940 more)`);
  expect(shown(restored)).toContain('[bb]');
  expect(bytes?.at).toBe(1_000_000);
});
