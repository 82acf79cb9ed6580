import { expect, test } from 'vitest';
import {
  EARLIEST,
  formatCanonical,
  formatLiteral,
  LATEST,
  microsecondsOf,
  POSTGRES_EPOCH,
} from './timestamp.ts';

test.each([
  [0n, '1970-01-01T00:00:00.000000Z'],
  [-1n, '1969-12-31T23:59:59.999999Z'],
  [POSTGRES_EPOCH, '2000-01-01T00:00:00.000000Z'],
  [POSTGRES_EPOCH - 1n, '1999-12-31T23:59:59.999999Z'],
  [951_782_400_000_000n, '2000-02-29T00:00:00.000000Z'],
  [1_767_225_599_999_999n, '2025-12-31T23:59:59.999999Z'],
  [253_402_300_799_999_999n, '9999-12-31T23:59:59.999999Z'],
  [253_402_300_800_000_000n, '10000-01-01T00:00:00.000000Z'],
  [LATEST, '294276-12-31T23:59:59.999999Z'],
])('%s µs is %s', (at, text) => {
  expect(formatCanonical(at)).toBe(text);
});

test('YYYY has no era: the years before Christ print without their sign', () => {
  expect(formatCanonical(EARLIEST)).toBe('4714-11-24T00:00:00.000000Z');
  expect(formatCanonical(microsecondsOf(-43, 3, 15))).toBe('0044-03-15T00:00:00.000000Z');
  expect(formatCanonical(microsecondsOf(0, 12, 31))).toBe('0001-12-31T00:00:00.000000Z');
});

test('a literal names its era and its offset', () => {
  expect(formatLiteral(microsecondsOf(-43, 3, 15, 1n))).toBe('0044-03-15 00:00:00.000001+00 BC');
  expect(formatLiteral(0n)).toBe('1970-01-01 00:00:00.000000+00');
});

test('the instant of a date is counted over leap years and centuries', () => {
  expect(microsecondsOf(1970, 1, 1)).toBe(0n);
  expect(microsecondsOf(2000, 3, 1)).toBe(951_868_800_000_000n);
  expect(microsecondsOf(1900, 3, 1) - microsecondsOf(1900, 2, 28)).toBe(86_400_000_000n);
  expect(microsecondsOf(-4713, 11, 24)).toBe(EARLIEST);
});
