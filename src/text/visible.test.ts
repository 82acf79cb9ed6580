import { expect, test } from 'vitest';
import { visible } from './visible.ts';

test.each([
  ['plain é 𝄞 |<>&', 'plain é 𝄞 |<>&'],
  ['a\nb\t\u0000\u009B', String.raw`a\u000ab\u0009\u0000\u009b`],
  ['\u202E\uFEFF\u2028', String.raw`\u202e\ufeff\u2028`],
  ['\uD800x', String.raw`\ud800x`],
  ['\uFFFF\u{E0001}', String.raw`\uffff\udb40\udc01`],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});
