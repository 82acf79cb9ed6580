import * as fc from 'fast-check';
import { EARLIEST, LATEST, microsecondsOf, POSTGRES_EPOCH, type Microseconds } from '../text/timestamp.ts';
import { KNOWN_LITERALS, NOW_FROM, NOW_UNTIL } from './timestamp-literals.ts';

/** When events happen. `default` leaves it to the column, `known` writes literals whose instant is known. */
export const TIME_CLASSES = [
  'fractions',
  'epochs',
  'changes',
  'local-mean',
  'early',
  'bc',
  'five-digits',
  'far',
  'limits',
  'any',
  'equal',
  'known',
  'default',
] as const;
export type TimeClass = (typeof TIME_CLASSES)[number];

/** An instant before it is written down; a literal where only that one will do. */
export interface Moment {
  readonly at: Microseconds;
  readonly written?: string;
}

export interface TimeSwarm {
  readonly times: readonly TimeClass[];
  /** The session's zone, which decides what known local times there are. */
  readonly timeZone: string | undefined;
}

const SECOND = 1_000_000n;
const HOUR = 3600n * SECOND;
const YEAR_400 = 146_097n * 86_400n * SECOND;

/** One moment; where defaults are drawn too, none between 2026 and 2200, where now() is. */
export function drawMoment({ times, timeZone }: TimeSwarm): fc.Arbitrary<Moment> {
  const besideNow = times.includes('default');
  const instants = times.flatMap((name) => INSTANTS[name] ?? []);
  const choices: fc.WeightedArbitrary<Moment>[] = [
    { weight: 2, arbitrary: RECENT.map((at) => ({ at })) },
    ...instants.map((arbitrary) => ({ weight: 3, arbitrary: arbitrary.map((at) => ({ at })) })),
  ];
  if (times.includes('known')) {
    for (const zone of new Set([undefined, timeZone])) {
      const known = KNOWN_LITERALS.filter((one) => one.zone === zone && !(besideNow && isAboutNow(one.at)));
      const moments = known.map(({ written, at }) => ({ written, at }));
      if (moments.length > 0) choices.push({ weight: 4, arbitrary: fc.constantFrom(...moments) });
    }
  }
  const moment = fc.oneof(...choices);
  // The Gregorian calendar repeats after 400 years, weekdays included.
  return besideNow ? moment.map((one) => (isAboutNow(one.at) ? { at: one.at - YEAR_400 } : one)) : moment;
}

function isAboutNow(at: Microseconds): boolean {
  return at >= NOW_FROM && at < NOW_UNTIL;
}

function between(min: Microseconds, max: Microseconds): fc.Arbitrary<Microseconds> {
  return fc.bigInt({ min, max });
}

function around(instants: readonly Microseconds[], distances: readonly bigint[]): fc.Arbitrary<Microseconds> {
  return fc
    .tuple(fc.constantFrom(...instants), fc.constantFrom(...distances))
    .map(([at, distance]) =>
      at + distance < EARLIEST ? EARLIEST : at + distance > LATEST ? LATEST : at + distance,
    );
}

/** The hour that New York had twice in the autumn of 2026: its first time, which needs the offset to be told. */
const TWICE_FROM = microsecondsOf(2026, 11, 1) + 5n * HOUR;

function aroundChanges(): fc.Arbitrary<Microseconds> {
  const instants = KNOWN_LITERALS.filter(({ kind }) => kind !== 'rounded').map(({ at }) => at);
  return around(instants, [...NEAR, -HOUR / 2n, HOUR / 2n, HOUR]);
}

const RECENT = between(microsecondsOf(2015, 1, 1), microsecondsOf(2035, 1, 1));
const NEAR = [-SECOND, -1n, 0n, 1n, 10n, SECOND, 999_999n];

const INSTANTS: Partial<Record<TimeClass, fc.Arbitrary<Microseconds>>> = {
  fractions: fc
    .tuple(RECENT, fc.constantFrom(0n, 1n, 10n, 100_000n, 500_000n, 999_990n, 999_999n))
    .map(([at, fraction]) => at - (at % SECOND) + fraction),
  epochs: around([0n, POSTGRES_EPOCH], NEAR),
  changes: fc.oneof(
    { weight: 3, arbitrary: aroundChanges() },
    { weight: 1, arbitrary: between(TWICE_FROM, TWICE_FROM + HOUR - 1n) },
  ),
  'local-mean': between(microsecondsOf(1780, 1, 1), microsecondsOf(1930, 1, 1)),
  early: fc.oneof(
    around([microsecondsOf(1, 1, 1), microsecondsOf(100, 1, 1), microsecondsOf(1582, 10, 15)], NEAR),
    between(microsecondsOf(1, 1, 1), microsecondsOf(1000, 1, 1)),
  ),
  bc: fc.oneof(
    around([microsecondsOf(-43, 3, 15), microsecondsOf(0, 12, 31), microsecondsOf(0, 2, 29)], NEAR),
    between(EARLIEST, microsecondsOf(1, 1, 1) - 1n),
  ),
  'five-digits': fc.oneof(
    around([microsecondsOf(10_000, 1, 1), microsecondsOf(100_000, 1, 1)], NEAR),
    between(microsecondsOf(9999, 1, 1), microsecondsOf(10_010, 1, 1)),
  ),
  far: fc.oneof(
    between(microsecondsOf(10_000, 1, 1), LATEST),
    between(microsecondsOf(294_276, 1, 1), LATEST),
  ),
  limits: around([EARLIEST, LATEST], NEAR),
  any: between(EARLIEST, LATEST),
};
