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

/**
 * What `to_char(ts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` gives.
 *
 * YYYY has no era: 44 BC and AD 44 print alike, and years past 9999 print all their digits
 * (src/backend/utils/adt/formatting.c, DCH_YYYY with ADJUST_YEAR).
 */
export function formatCanonical(at: Microseconds): string {
  const ofDay = timeOfDay(at);
  return canonicalTime(Number((at - ofDay) / DAY), Number(ofDay));
}

/** The same for a day, counted from 1970-01-01, and a time in it: both fit a double exactly, which is quicker by far. */
export function canonicalTime(day: number, ofDay: number): string {
  return `${canonicalDate(day)}T${clock(ofDay)}Z`;
}

let [lastDay, lastDate] = [0, '1970-01-01'];

/** An audit trail has many events a day, so that the newest date is kept. */
function canonicalDate(day: number): string {
  if (day === lastDay) return lastDate;
  const { year, month, dayOfMonth } = civilFromDays(day);
  lastDay = day;
  lastDate = dateText(year > 0 ? year : 1 - year, month, dayOfMonth);
  return lastDate;
}

/** A literal that PostgreSQL reads as this very instant under any TimeZone and DateStyle. */
export function formatLiteral(at: Microseconds): string {
  const ofDay = timeOfDay(at);
  const { year, month, dayOfMonth } = civilFromDays(Number((at - ofDay) / DAY));
  const [printed, era] = year > 0 ? [year, ''] : [1 - year, ' BC'];
  return `${dateText(printed, month, dayOfMonth)} ${clock(Number(ofDay))}+00${era}`;
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
  return BigInt(daysFromCivil(year, month, day)) * DAY + microsecondOfDay;
}

function dateText(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${TWO_DIGITS[month]}-${TWO_DIGITS[day]}`;
}

const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

function clock(ofDay: number): string {
  const seconds = Math.floor(ofDay / 1e6);
  const micros = ofDay - seconds * 1e6;
  const minutes = Math.floor(seconds / 60);
  const hour = TWO_DIGITS[Math.floor(minutes / 60)];
  const fraction = `${TWO_DIGITS[Math.floor(micros / 1e4)]}${TWO_DIGITS[Math.floor(micros / 100) % 100]}${TWO_DIGITS[micros % 100]}`;
  return `${hour}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}.${fraction}`;
}

function timeOfDay(at: Microseconds): bigint {
  const rest = at % DAY;
  return rest < 0n ? rest + DAY : rest;
}

// Years start in March below, so that the leap day is the last day of a year, and 400 years are one cycle.
const DAYS_OF_CYCLE = 146_097;
const DAYS_TO_1970 = 719_468;

function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const cycle = Math.floor(marchYear / 400);
  const yearOfCycle = marchYear - cycle * 400;
  const monthFromMarch = (month + 9) % 12;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100);
  return cycle * DAYS_OF_CYCLE + yearOfCycle * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}

/** Astronomical years: 0 is 1 BC, -1 is 2 BC. */
function civilFromDays(days: number): { year: number; month: number; dayOfMonth: number } {
  const shifted = days + DAYS_TO_1970;
  const cycle = Math.floor(shifted / DAYS_OF_CYCLE);
  const dayOfCycle = shifted - cycle * DAYS_OF_CYCLE;
  const leapDays =
    Math.floor(dayOfCycle / 1460) - Math.floor(dayOfCycle / 36_524) + Math.floor(dayOfCycle / 146_096);
  const yearOfCycle = Math.floor((dayOfCycle - leapDays) / 365);
  const dayOfYear =
    dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}
