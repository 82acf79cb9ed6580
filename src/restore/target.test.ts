import { expect, test } from 'vitest';
import { targetDatabase } from './target.ts';

test('what a target leaves out is left to the template', () => {
  expect(targetDatabase({ kind: 'fresh' })).toEqual({ label: 'target', locale: {} });
});

test('encoding, locale and settings are asked for as they are', () => {
  const settings = { TimeZone: 'Asia/Kolkata' };
  expect(
    targetDatabase({ kind: 'fresh', encoding: 'LATIN1', provider: 'libc', locale: 'C', settings }),
  ).toEqual({
    label: 'target',
    encoding: 'LATIN1',
    locale: { provider: 'libc', locale: 'C' },
    settings,
  });
});

test('a locale of ICU stands beside the locale of the C library, which goes with every encoding', () => {
  const locale = { provider: 'icu', icuLocale: 'de-DE', locale: 'C' };
  expect(targetDatabase({ kind: 'fresh', provider: 'icu', locale: 'de-DE' })).toEqual({
    label: 'target',
    locale,
  });
  expect(targetDatabase({ kind: 'fresh', provider: 'icu' }).locale).toEqual({ ...locale, icuLocale: 'und' });
});
