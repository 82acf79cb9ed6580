import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { fingerprint } from './fingerprint.ts';

test('it is CRC-32, of short and of long pieces', () => {
  // The check value of CRC-32.
  expect(fingerprint(Buffer.from('x123456789y'), 1, 10)).toBe(0xcbf43926);
  const bytes = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 89) % 256));
  for (let end = 0; end <= bytes.length; end++) {
    expect(fingerprint(bytes, 0, end)).toBe(crc32(bytes.subarray(0, end)));
  }
});
