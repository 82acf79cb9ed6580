/**
 * Instants as microseconds since 1970-01-01 00:00:00 UTC, in a bigint: PostgreSQL's own resolution.
 *
 * PostgreSQL stores timestamptz as microseconds since 2000-01-01 and counts days in the proleptic Gregorian
 * calendar (src/backend/utils/adt/timestamp.c, datetime.c: date2j, j2date).
 */
export type Microseconds = bigint;

/** 2000-01-01 00:00:00 UTC, where PostgreSQL's own count starts. */
export const POSTGRES_EPOCH: Microseconds = 946_684_800_000_000n;
/** 4714-11-24 00:00:00 BC, the oldest timestamptz (manual, 8.5). */
export const EARLIEST: Microseconds = -210_866_803_200_000_000n;
/** 294276-12-31 23:59:59.999999, the newest timestamptz. */
export const LATEST: Microseconds = 9_224_318_015_999_999_999n;

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;

interface CivilTime {
  /** Astronomical: 0 is 1 BC, -1 is 2 BC. */
  readonly year: bigint;
  readonly month: bigint;
  readonly day: bigint;
  readonly hour: bigint;
  readonly minute: bigint;
  readonly second: bigint;
  readonly microsecond: bigint;
}

/**
 * What `to_char(ts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` gives.
 *
 * YYYY has no era: 44 BC and AD 44 print alike, and years past 9999 print all their digits
 * (src/backend/utils/adt/formatting.c, DCH_YYYY with ADJUST_YEAR).
 */
export function formatCanonical(at: Microseconds): string {
  const time = civilTime(at);
  const printedYear = time.year > 0n ? time.year : 1n - time.year;
  return `${pad(printedYear, 4)}-${pad(time.month, 2)}-${pad(time.day, 2)}T${clock(time)}Z`;
}

/** A literal that PostgreSQL reads as this very instant under any TimeZone and DateStyle. */
export function formatLiteral(at: Microseconds): string {
  const time = civilTime(at);
  const [year, era] = time.year > 0n ? [time.year, ''] : [1n - time.year, ' BC'];
  return `${pad(year, 4)}-${pad(time.month, 2)}-${pad(time.day, 2)} ${clock(time)}+00${era}`;
}

/**
 * The instant of a UTC date and time in the proleptic Gregorian calendar.
 * Year 0 is 1 BC.
 */
export function microsecondsOf(
  year: number,
  month: number,
  day: number,
  microsecondOfDay = 0n,
): Microseconds {
  return daysFromCivil(BigInt(year), BigInt(month), BigInt(day)) * DAY + microsecondOfDay;
}

function clock(time: CivilTime): string {
  return `${pad(time.hour, 2)}:${pad(time.minute, 2)}:${pad(time.second, 2)}.${pad(time.microsecond, 6)}`;
}

function pad(value: bigint, width: number): string {
  return value.toString().padStart(width, '0');
}

function civilTime(at: Microseconds): CivilTime {
  const ofDay = ((at % DAY) + DAY) % DAY;
  const days = (at - ofDay) / DAY;
  return {
    ...civilFromDays(days),
    hour: ofDay / (3600n * SECOND),
    minute: (ofDay / (60n * SECOND)) % 60n,
    second: (ofDay / SECOND) % 60n,
    microsecond: ofDay % SECOND,
  };
}

// Years start in March below, so that the leap day is the last day of a year, and 400 years are one cycle.
const DAYS_OF_CYCLE = 146_097n;
const DAYS_TO_1970 = 719_468n;

function daysFromCivil(year: bigint, month: bigint, day: bigint): bigint {
  const marchYear = month <= 2n ? year - 1n : year;
  const cycle = floorDivide(marchYear, 400n);
  const yearOfCycle = marchYear - cycle * 400n;
  const monthFromMarch = (month + 9n) % 12n;
  const dayOfYear = (153n * monthFromMarch + 2n) / 5n + day - 1n;
  const dayOfCycle = yearOfCycle * 365n + yearOfCycle / 4n - yearOfCycle / 100n + dayOfYear;
  return cycle * DAYS_OF_CYCLE + dayOfCycle - DAYS_TO_1970;
}

function civilFromDays(days: bigint): { year: bigint; month: bigint; day: bigint } {
  const shifted = days + DAYS_TO_1970;
  const cycle = floorDivide(shifted, DAYS_OF_CYCLE);
  const dayOfCycle = shifted - cycle * DAYS_OF_CYCLE;
  const yearOfCycle = (dayOfCycle - dayOfCycle / 1460n + dayOfCycle / 36_524n - dayOfCycle / 146_096n) / 365n;
  const dayOfYear = dayOfCycle - (365n * yearOfCycle + yearOfCycle / 4n - yearOfCycle / 100n);
  const monthFromMarch = (5n * dayOfYear + 2n) / 153n;
  const month = monthFromMarch < 10n ? monthFromMarch + 3n : monthFromMarch - 9n;
  return {
    year: yearOfCycle + cycle * 400n + (month <= 2n ? 1n : 0n),
    month,
    day: dayOfYear - (153n * monthFromMarch + 2n) / 5n + 1n,
  };
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
