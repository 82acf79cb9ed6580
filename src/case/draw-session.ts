import * as fc from 'fast-check';
import { oneOf, sometimes } from './chance.ts';
import { KNOWN_LITERALS } from './timestamp-literals.ts';

/** What the writing session is set to, and what a local time means there. */
export interface WritingSession {
  /** Absent: UTC. */
  readonly timeZone?: string | undefined;
  /** Seconds east of UTC where the zone has one offset for all times. */
  readonly fixedOffset?: number | undefined;
  /** Absent: ISO and YMD. */
  readonly dateStyle?: { readonly style: DateStyle; readonly order: FieldOrder } | undefined;
}

/** The style is that of output; input goes by the order of fields only. */
type DateStyle = 'ISO' | 'SQL' | 'German' | 'Postgres';
type FieldOrder = 'MDY' | 'DMY' | 'YMD';

/** Names of the zone database's own regions: older ones are missing where tzdata is split (Debian 13, tzdata-legacy). */
const REGIONS = [
  'America/New_York',
  'Europe/Berlin',
  'Europe/London',
  'Europe/Paris',
  'Europe/Amsterdam',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'America/Caracas',
  'Pacific/Apia',
  'Africa/Monrovia',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
];

const hours = (count: number): number => count * 3600;

/** A bare number is hours east of UTC; names are POSIX's, hours west, the one in Etc/ too. `+05:30` is such a name. */
const FIXED: readonly [string, number][] = [
  ['UTC', 0],
  ['Etc/GMT+5', hours(-5)],
  ['Etc/GMT-14', hours(14)],
  ['5.5', hours(5.5)],
  ['-3', hours(-3)],
  ['+05:30', hours(-5.5)],
  ['<+03>-3', hours(3)],
  ['<-0330>3:30', hours(-3.5)],
  ['FOO5', hours(-5)],
  ['XYZ-5:45', hours(5.75)],
];

/** POSIX specifications with a summer time. */
const POSIX_SUMMER = ['FOO5BAR', 'EST5EDT,M3.2.0,M11.1.0', '<+01>-1<+02>,M3.5.0,M10.5.0/3'];

export const SESSION_CLASSES = ['region', 'fixed', 'posix-summer', 'datestyle'] as const;
export type SessionClass = (typeof SESSION_CLASSES)[number];

/** @param trapped whether the zone is to be one with known literals, more often than not */
export function drawSession(classes: readonly SessionClass[], trapped = false): fc.Arbitrary<WritingSession> {
  const trap = sometimes(trapped ? 70 : 0, oneOf(TRAPS));
  return fc
    .tuple(drawZone(classes), trap, sometimes(classes.includes('datestyle') ? 90 : 0, drawDateStyle()))
    .map(([zone, timeZone, dateStyle]) => {
      const where = timeZone === undefined ? zone : { timeZone };
      return dateStyle === undefined ? where : Object.assign({ dateStyle }, where);
    });
}

const TRAPS = [...new Set(KNOWN_LITERALS.flatMap(({ zone }) => zone ?? []))];

function drawZone(classes: readonly SessionClass[]): fc.Arbitrary<WritingSession> {
  const zones: fc.Arbitrary<WritingSession>[] = [];
  if (classes.includes('region')) zones.push(fc.constantFrom(...REGIONS).map((timeZone) => ({ timeZone })));
  if (classes.includes('fixed')) {
    zones.push(fc.constantFrom(...FIXED).map(([timeZone, fixedOffset]) => ({ timeZone, fixedOffset })));
  }
  if (classes.includes('posix-summer')) {
    zones.push(fc.constantFrom(...POSIX_SUMMER).map((timeZone) => ({ timeZone })));
  }
  return zones.length === 0 ? fc.constant({}) : fc.oneof(...zones);
}

function drawDateStyle(): fc.Arbitrary<WritingSession['dateStyle']> {
  return fc.record({
    style: oneOf<DateStyle>(['ISO', 'SQL', 'German', 'Postgres']),
    order: oneOf<FieldOrder>(['MDY', 'DMY', 'YMD']),
  });
}

/** The session as a workload carries it; undefined where nothing is set. */
export function sessionSettings({ timeZone, dateStyle }: WritingSession): Record<string, string> | undefined {
  if (timeZone === undefined && dateStyle === undefined) return undefined;
  return {
    ...(timeZone === undefined ? {} : { TimeZone: timeZone }),
    ...(dateStyle === undefined ? {} : { DateStyle: `${dateStyle.style}, ${dateStyle.order}` }),
  };
}

/** What kind of zone a setting names; undefined for one that is never drawn. */
export function zoneKind(timeZone: string): 'region' | 'fixed' | 'posix-summer' | undefined {
  if (REGIONS.includes(timeZone)) return 'region';
  if (POSIX_SUMMER.includes(timeZone)) return 'posix-summer';
  return FIXED.some(([name]) => name === timeZone) ? 'fixed' : undefined;
}
