import { microsecondsOf, type Microseconds } from '../text/timestamp.ts';

/** A literal whose instant was worked out by hand and seen on PostgreSQL 15.18. */
export interface KnownLiteral {
  /** The session time zone it is read under; absent: any. */
  readonly zone?: string;
  readonly written: string;
  readonly at: Microseconds;
  readonly kind: 'gap' | 'fold' | 'lost-day' | 'lmt' | 'rounded' | 'carried' | 'named';
}

/** From here to before `NOW_UNTIL` lies now(): no given timestamp goes into the same workload as a default one. */
export const NOW_FROM = microsecondsOf(2026, 1, 1);
export const NOW_UNTIL = microsecondsOf(2200, 1, 1);

function utc(year: number, month: number, day: number, clock: string, microsecond = 0): Microseconds {
  const [hour = 0, minute = 0, second = 0] = clock.split(':').map(Number);
  return microsecondsOf(
    year,
    month,
    day,
    BigInt((hour * 60 + minute) * 60 + second) * 1_000_000n + BigInt(microsecond),
  );
}

/**
 * Local times with a trap. In a gap and in a fold PostgreSQL takes standard time
 * (src/backend/utils/adt/datetime.c, DetermineTimeZoneOffset). Local mean times only where every build of the
 * zone data has the same; zone abbreviations only those of New York (18 changed which ones win).
 */
const LOCAL: readonly KnownLiteral[] = [
  { zone: 'America/New_York', written: '2026-03-08 02:30:00', at: utc(2026, 3, 8, '07:30'), kind: 'gap' },
  { zone: 'America/New_York', written: '2007-03-11 02:30:00', at: utc(2007, 3, 11, '07:30'), kind: 'gap' },
  { zone: 'America/New_York', written: '2026-11-01 01:30:00', at: utc(2026, 11, 1, '06:30'), kind: 'fold' },
  {
    zone: 'America/New_York',
    written: '2026-11-01 01:30:00 EDT',
    at: utc(2026, 11, 1, '05:30'),
    kind: 'fold',
  },
  { zone: 'America/New_York', written: '2006-10-29 01:30:00', at: utc(2006, 10, 29, '06:30'), kind: 'fold' },
  {
    zone: 'America/New_York',
    written: '2006-10-29 01:30:00 EST',
    at: utc(2006, 10, 29, '06:30'),
    kind: 'fold',
  },
  { zone: 'America/New_York', written: '1800-01-01 00:00:00', at: utc(1800, 1, 1, '04:56:02'), kind: 'lmt' },
  { zone: 'Europe/Berlin', written: '2024-03-31 02:30:00', at: utc(2024, 3, 31, '01:30'), kind: 'gap' },
  { zone: 'Europe/Berlin', written: '2024-10-27 02:30:00', at: utc(2024, 10, 27, '01:30'), kind: 'fold' },
  { zone: 'Europe/London', written: '2024-10-27 01:30:00', at: utc(2024, 10, 27, '01:30'), kind: 'fold' },
  { zone: 'Europe/Paris', written: '1800-01-01 00:00:00', at: utc(1799, 12, 31, '23:50:39'), kind: 'lmt' },
  { zone: 'Australia/Lord_Howe', written: '2024-10-06 02:15:00', at: utc(2024, 10, 5, '15:45'), kind: 'gap' },
  { zone: 'Australia/Lord_Howe', written: '2024-04-07 01:45:00', at: utc(2024, 4, 6, '15:15'), kind: 'fold' },
  { zone: 'America/Sao_Paulo', written: '2018-11-04 00:30:00', at: utc(2018, 11, 4, '03:30'), kind: 'gap' },
  { zone: 'America/Sao_Paulo', written: '2018-02-17 23:30:00', at: utc(2018, 2, 18, '02:30'), kind: 'fold' },
  { zone: 'America/Caracas', written: '2016-05-01 02:45:00', at: utc(2016, 5, 1, '07:15'), kind: 'gap' },
  { zone: 'Pacific/Apia', written: '2011-12-30 12:00:00', at: utc(2011, 12, 30, '22:00'), kind: 'lost-day' },
  { zone: 'Pacific/Apia', written: '2011-12-31 00:00:00', at: utc(2011, 12, 30, '10:00'), kind: 'lost-day' },
  {
    zone: 'Pacific/Apia',
    written: '2011-12-29 23:59:59.999999',
    at: utc(2011, 12, 30, '09:59:59', 999_999),
    kind: 'lost-day',
  },
  { zone: 'Africa/Monrovia', written: '1971-12-31 12:00:00', at: utc(1971, 12, 31, '12:44:30'), kind: 'lmt' },
  { zone: 'Africa/Monrovia', written: '1972-01-07 00:00:00', at: utc(1972, 1, 7, '00:44:30'), kind: 'gap' },
  { zone: 'Asia/Tokyo', written: '1800-01-01 00:00:00', at: utc(1799, 12, 31, '14:41:01'), kind: 'lmt' },
  { zone: 'Asia/Kathmandu', written: '2024-01-05 12:34:56', at: utc(2024, 1, 5, '06:49:56'), kind: 'named' },
];

/** Past the microsecond PostgreSQL rounds, half to even (rint); `:60` and `24:00:00` carry into the next unit. */
const ANYWHERE: readonly KnownLiteral[] = [
  { written: '2024-02-29 12:00:00.0000005+00', at: utc(2024, 2, 29, '12:00'), kind: 'rounded' },
  { written: '2024-02-29 12:00:01.0000015+00', at: utc(2024, 2, 29, '12:00:01', 2), kind: 'rounded' },
  { written: '2024-02-29 12:00:02.0000025+00', at: utc(2024, 2, 29, '12:00:02', 2), kind: 'rounded' },
  { written: '2024-02-29 12:00:03.123456789+00', at: utc(2024, 2, 29, '12:00:03', 123_457), kind: 'rounded' },
  { written: '2024-02-29 23:59:59.9999994+00', at: utc(2024, 2, 29, '23:59:59', 999_999), kind: 'rounded' },
  { written: '2024-12-31 23:59:59.9999995+00', at: utc(2025, 1, 1, '00:00'), kind: 'rounded' },
  { written: '2016-12-31 23:59:60+00', at: utc(2017, 1, 1, '00:00'), kind: 'carried' },
  { written: '2024-02-28 24:00:00+00', at: utc(2024, 2, 29, '00:00'), kind: 'carried' },
  { written: 'epoch', at: 0n, kind: 'named' },
  { written: 'J2451545 12:00:00.5+00', at: utc(2000, 1, 1, '12:00', 500_000), kind: 'named' },
  { written: '2024-07-05 00:00:00 America/New_York', at: utc(2024, 7, 5, '04:00'), kind: 'named' },
  { written: '2024-07-05 00:00:00 FOO5BAR', at: utc(2024, 7, 5, '04:00'), kind: 'named' },
];

export const KNOWN_LITERALS: readonly KnownLiteral[] = [...LOCAL, ...ANYWHERE];

/** What timestamptz or the subject refuses, and how (seen on PostgreSQL 15.18). */
export const REFUSED_LITERALS: Readonly<Record<string, string>> = {
  // An infinite time has no canonical text: to_char gives NULL, so does digest(), and the hash is NOT NULL.
  infinity: '23502',
  '-infinity': '23502',
  '294277-01-01 00:00:00+00': '22008',
  '294276-12-31 23:59:59.9999999+00': '22008',
  '4714-11-23 23:59:59.999999+00 BC': '22008',
  '0000-01-01 00:00:00+00': '22008',
  '2023-02-29 00:00:00+00': '22008',
  '2024-02-29 24:00:00.000001+00': '22008',
  '2024-02-29 00:00:61+00': '22008',
  '2024-02-29 00:00:00+16:00': '22009',
  '2024-02-29 00:00:00 Nowhere/Land': '22023',
  'not a time': '22007',
  '': '22007',
};
