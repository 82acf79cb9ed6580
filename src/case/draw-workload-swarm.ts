import * as fc from 'fast-check';
import type { Statement } from './case.ts';
import { chance } from './chance.ts';
import { DETAILS_CLASSES, type DetailsClass, type DetailsSwarm } from './draw-details.ts';
import { SESSION_CLASSES, type SessionClass } from './draw-session.ts';
import { textClasses, type Repertoire } from './draw-text.ts';
import { TIME_CLASSES, type TimeClass } from './draw-timestamp.ts';
import { WRITTEN_FORMS, type WrittenForm } from './written-timestamp.ts';

/**
 * What may appear in one workload at all: so that a workload has little of many things, or much of few, and not
 * a little of everything every time (Groce et al., Swarm Testing, ISSTA 2012).
 */
export interface WorkloadSwarm extends DetailsSwarm {
  readonly times: readonly TimeClass[];
  readonly session: readonly SessionClass[];
  /** Empty: our own ISO literals only. */
  readonly forms: readonly WrittenForm[];
  /** Never empty. */
  readonly inserts: readonly Statement['insert'][];
  /** Whether a transaction has several statements at times. */
  readonly groups: boolean;
  readonly rollbacks: boolean;
  readonly savepoints: boolean;
  /** Ids of whatever text is allowed, long ones too. */
  readonly freeIds: boolean;
  /** Values that the source does not take. */
  readonly faults: boolean;
  /** Times that decrease: the chain does not verify on the source. */
  readonly invalidOrder: boolean;
}

/** Half of the swarms need no more than ASCII or Latin-1 in the target. */
const REPERTOIRES: readonly Repertoire[] = ['ascii', 'latin1', 'unicode', 'unicode'];

/** A swarm for one workload, of one of the repertoires. */
export function drawWorkloadSwarm(
  repertoires: readonly Repertoire[] = REPERTOIRES,
): fc.Arbitrary<WorkloadSwarm> {
  return fc.constantFrom(...repertoires).chain((repertoire) =>
    fc.record({
      repertoire: fc.constant(repertoire),
      texts: drawSome(textClasses(repertoire)),
      details: drawDetailsClasses(),
      times: drawTimes(),
      session: drawSome(SESSION_CLASSES),
      forms: drawSome(WRITTEN_FORMS),
      inserts: fc.subarray<Statement['insert']>(['each', 'together', 'copy'], { minLength: 1 }),
      groups: fc.boolean(),
      rollbacks: chance(25),
      savepoints: chance(25),
      freeIds: chance(33),
      faults: chance(15),
      invalidOrder: chance(3),
    }),
  );
}

/** `big` costs a second or so in every dump format: rarely. */
function drawDetailsClasses(): fc.Arbitrary<WorkloadSwarm['details']> {
  const usual = DETAILS_CLASSES.filter((name) => name !== 'big');
  return fc
    .tuple(drawSome<DetailsClass>(usual), chance(5))
    .map(([some, big]) => (big ? some.concat('big') : some));
}

/** Defaults keep all other times away from the present, so they are drawn on their own. */
function drawTimes(): fc.Arbitrary<TimeClass[]> {
  const given = TIME_CLASSES.filter((name) => name !== 'default');
  return fc
    .tuple(drawSome<TimeClass>(given), chance(20))
    .map(([some, byDefault]) => (byDefault ? some.concat('default') : some));
}

/** Nothing, a few, or all. */
function drawSome<T>(all: readonly T[]): fc.Arbitrary<T[]> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<T[]>([]) },
    { weight: 5, arbitrary: fc.subarray<T>([...all], { minLength: 1, maxLength: Math.min(3, all.length) }) },
    { weight: 2, arbitrary: fc.constant(all).map((every) => every.slice()) },
  );
}
