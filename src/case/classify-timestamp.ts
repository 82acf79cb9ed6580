import type { AuditEvent, EventTime, Workload } from './case.ts';
import { EARLIEST, LATEST, microsecondsOf, POSTGRES_EPOCH } from '../text/timestamp.ts';
import { zoneKind } from './draw-session.ts';
import { KNOWN_LITERALS, type KnownLiteral } from './timestamp-literals.ts';

type Instant = bigint;

const SECOND = 1_000_000n;

function microsecond(at: Instant): Instant {
  return ((at % SECOND) + SECOND) % SECOND;
}

function isIn(at: Instant, from: number, to: number): boolean {
  return at >= microsecondsOf(from, 1, 1) && at < microsecondsOf(to, 1, 1);
}

const INSTANTS = {
  'whole-second': (at) => microsecond(at) === 0n,
  'first-microsecond': (at) => microsecond(at) === 1n,
  'last-microsecond': (at) => microsecond(at) === 999_999n,
  'epoch-1970': (at) => at === 0n,
  'epoch-2000': (at) => at === POSTGRES_EPOCH,
  'local-mean': (at) => isIn(at, 1780, 1930),
  'year-1': (at) => isIn(at, 1, 2),
  bc: (at) => at < microsecondsOf(1, 1, 1),
  'year-9999': (at) => isIn(at, 9999, 10_000),
  'year-10000': (at) => isIn(at, 10_000, 10_001),
  'five-digits': (at) => at >= microsecondsOf(10_000, 1, 1),
  'year-294276': (at) => at >= microsecondsOf(294_276, 1, 1),
  minimum: (at) => at === EARLIEST,
  maximum: (at) => at === LATEST,
} satisfies Record<string, (at: Instant) => boolean>;

/** How a literal was written down; local time is what has no offset. The first that matches. */
const FORMS: readonly (readonly [string, RegExp])[] = [
  ['compact', /^\d{8}T/],
  ['iso-t', /^\d+-\d\d-\d\dT/],
  ['fields', /^\d+\/\d+\/\d+ /],
  ['dots', /^\d+\.\d+\.\d+ /],
  ['words', /^[A-Z][a-z]{2} /],
  ['iso', /^\d+-\d\d-\d\d [\d:.]+[+-]/],
  ['local', /^\d+-\d\d-\d\d [\d:.]+(?: BC)?$/],
];
const KINDS: readonly KnownLiteral['kind'][] = [
  'gap',
  'fold',
  'lost-day',
  'lmt',
  'rounded',
  'carried',
  'named',
];
const STYLES = ['ISO', 'SQL', 'German', 'Postgres'].flatMap((style) =>
  ['MDY', 'DMY', 'YMD'].map((order) => `${style}, ${order}`),
);

export const TIME_LABELS = [
  ...[...Object.keys(INSTANTS), ...KINDS, 'default', 'infinity', 'equal', 'decreasing'].map(
    (name) => `timestamp:${name}`,
  ),
  ...FORMS.map(([name]) => `written:${name}`),
  ...['unset', 'region', 'fixed', 'posix-summer'].map((name) => `zone:${name}`),
  ...['unset', ...STYLES].map((style) => `datestyle:${style}`),
];

/** The classes of an event's time: `timestamp:bc`, `written:words`. */
export function classifyTime({ timestamp }: AuditEvent, zone: string | undefined): string[] {
  if (timestamp === undefined) return ['timestamp:default'];
  const { at, written } = timestamp;
  const instants = at === undefined ? [] : tellings(BigInt(at));
  if (written === undefined) return instants;
  if (/^-?infinity$/.test(written)) return ['timestamp:infinity'];
  const form = FORMS.find(([, pattern]) => pattern.test(written));
  const known = at !== undefined && knownKind(timestamp, zone);
  return [...instants, ...(known ? [`timestamp:${known}`] : []), ...(form ? [`written:${form[0]}`] : [])];
}

function tellings(at: Instant): string[] {
  return Object.entries(INSTANTS).flatMap(([name, tells]) => (tells(at) ? [`timestamp:${name}`] : []));
}

function knownKind({ written }: EventTime, zone: string | undefined): string | undefined {
  return KNOWN_LITERALS.find((known) => known.written === written && (known.zone ?? zone) === zone)?.kind;
}

/** How rows follow each other: `timestamp:equal`, `timestamp:decreasing`. */
export function classifySequence(accepted: readonly AuditEvent[]): string[] {
  const instants = accepted.flatMap(({ timestamp }) =>
    timestamp?.at === undefined ? [] : [BigInt(timestamp.at)],
  );
  const steps = instants.slice(1).map((at, index) => at - (instants[index] ?? at));
  return [
    ...(steps.includes(0n) ? ['timestamp:equal'] : []),
    ...(steps.some((step) => step < 0n) ? ['timestamp:decreasing'] : []),
  ];
}

/** What the writing session is set to: `zone:fixed`, `datestyle:SQL, DMY`. */
export function classifySession({ session = {} }: Workload): string[] {
  const { TimeZone: zone, DateStyle: style } = session;
  const kind = zone === undefined ? 'unset' : zoneKind(zone);
  return [...(kind === undefined ? [] : [`zone:${kind}`]), `datestyle:${style ?? 'unset'}`];
}
