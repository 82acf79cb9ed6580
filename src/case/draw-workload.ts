import * as fc from 'fast-check';
import { LATEST } from '../text/timestamp.ts';
import type { AuditEvent, EventTime, Statement, Transaction, Workload } from './case.ts';
import { chance, sometimes } from './chance.ts';
import { drawEventBody, type EventBody } from './draw-event.ts';
import { drawFault, spoil, type Fault } from './draw-refused.ts';
import { drawSession, sessionSettings, type WritingSession } from './draw-session.ts';
import { drawDenseText, drawText } from './draw-text.ts';
import { drawMoment, type Moment } from './draw-timestamp.ts';
import type { WorkloadSwarm } from './draw-workload-swarm.ts';
import { NOW_UNTIL } from './timestamp-literals.ts';
import { drawWriting, writeTimestamp, type Writing } from './written-timestamp.ts';

/** What is drawn for one event, before the events are put in order. */
interface Ingredients {
  readonly body: EventBody;
  readonly moment: Moment | 'now' | 'as before';
  readonly writing: Writing | undefined;
  readonly freeId: string | undefined;
  readonly fault: Fault | undefined;
}

/** One statement and what becomes of the transaction it is in. */
interface Shape {
  readonly rows: number;
  readonly insert: Statement['insert'];
  readonly undone: boolean;
  readonly ends: boolean;
  readonly rolledBack: boolean;
}

interface Plan {
  readonly session: WritingSession;
  readonly prefix: string;
  readonly events: readonly Ingredients[];
  readonly shapes: readonly Shape[];
  readonly disorder: number;
}

/**
 * A workload of what the swarm allows, in valid order unless the swarm says otherwise: the same seed gives the
 * same one, byte for byte, and it survives JSON.
 *
 * @param size rows, refused and undone ones among them: from 0 to 60 unless given, of which 0, 1, 2 and 24 come often
 */
export function drawWorkload(
  swarm: WorkloadSwarm,
  { minRows = 0, maxRows = 60 }: { minRows?: number | undefined; maxRows?: number | undefined } = {},
): fc.Arbitrary<Workload> {
  return fc
    .tuple(drawSession(swarm.session, swarm.times.includes('known')), drawRows(minRows, maxRows))
    .chain(([session, rows]) => drawPlan(swarm, session, rows))
    .map((plan) => assemble(plan, swarm.invalidOrder));
}

function drawRows(asked: number, most: number): fc.Arbitrary<number> {
  const least = Math.min(asked, most);
  const usual = [least, 0, 1, 2, 24].filter((rows) => rows >= least && rows <= most);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...usual) },
    { weight: 5, arbitrary: fc.integer({ min: least, max: Math.min(60, most) }) },
    ...(most > 60 ? [{ weight: 1, arbitrary: fc.integer({ min: 61, max: most }) }] : []),
  );
}

function drawPlan(swarm: WorkloadSwarm, session: WritingSession, rows: number): fc.Arbitrary<Plan> {
  const exactly = { minLength: rows, maxLength: rows, size: 'max' } as const;
  return fc.record({
    session: fc.constant(session),
    prefix: fc.constantFrom('audit-', 'e', 'AUDIT/2026/'),
    events: fc.array(drawIngredients(swarm, session), exactly),
    shapes: fc.array(drawShape(swarm), exactly),
    disorder: fc.nat(),
  });
}

function drawIngredients(swarm: WorkloadSwarm, session: WritingSession): fc.Arbitrary<Ingredients> {
  const { times, forms, faults } = swarm;
  const moments: fc.WeightedArbitrary<Ingredients['moment']>[] = [
    { weight: 3, arbitrary: drawMoment({ times, timeZone: session.timeZone }) },
  ];
  if (times.includes('default')) moments.push({ weight: 3, arbitrary: fc.constant('now') });
  if (times.includes('equal')) moments.push({ weight: 2, arbitrary: fc.constant('as before') });
  return fc.record({
    body: drawEventBody(swarm),
    moment: fc.oneof(...moments),
    writing: sometimes(forms.length === 0 ? 0 : 75, drawWriting(forms.length === 0 ? ['iso'] : forms)),
    freeId: sometimes(swarm.freeIds && !swarm.invalidOrder ? 50 : 0, drawFreeId(swarm)),
    fault: sometimes(faults ? 15 : 0, drawFault()),
  });
}

/** Ids are a key: up to 2,600 bytes whatever they are, and longer where they compress to less. */
function drawFreeId(swarm: WorkloadSwarm): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: drawText(swarm, 100) },
    { weight: 1, arbitrary: drawDenseText(2600) },
    { weight: 1, arbitrary: fc.constant('x'.repeat(8000)) },
  );
}

function drawShape(swarm: WorkloadSwarm): fc.Arbitrary<Shape> {
  const never = fc.constant(false);
  return fc.record({
    rows: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 8 }), fc.constant(1000)),
    insert: fc.constantFrom(...swarm.inserts),
    undone: swarm.savepoints ? chance(25) : never,
    ends: swarm.groups ? fc.boolean() : fc.constant(true),
    rolledBack: swarm.rollbacks ? chance(25) : never,
  });
}

interface Dated {
  readonly ingredients: Ingredients;
  readonly moment: Moment | 'now';
}

function assemble({ session, prefix, events, shapes, disorder }: Plan, invalidOrder: boolean): Workload {
  const dated = inOrder(events);
  const ordered = invalidOrder ? disordered(dated, disorder) : dated;
  const settings = sessionSettings(session);
  return {
    ...(settings === undefined ? {} : { session: settings }),
    transactions: grouped(finished(ordered, prefix, session), shapes),
  };
}

/** Times ascend with the order of insertion, those of now() between the given ones. */
function inOrder(events: readonly Ingredients[]): Dated[] {
  const dated: Dated[] = [];
  for (const ingredients of events) {
    const moment = ingredients.moment === 'as before' ? dated.at(-1)?.moment : ingredients.moment;
    dated.push({ ingredients, moment: moment ?? { at: 0n } });
  }
  return dated.sort((a, b) => compare(instant(a.moment), instant(b.moment)));
}

function instant(moment: Moment | 'now'): bigint {
  return moment === 'now' ? NOW_UNTIL - 1n : moment.at;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** All backwards, two neighbours swapped, or the last one first. */
function disordered(dated: readonly Dated[], drawn: number): Dated[] {
  if (dated.length < 2 || drawn % 3 === 0) return dated.toReversed();
  if (drawn % 3 === 1) return [...dated.slice(-1), ...dated.slice(0, -1)];
  const index = drawn % (dated.length - 1);
  return [...dated.slice(0, index), ...dated.slice(index, index + 2).toReversed(), ...dated.slice(index + 2)];
}

function finished(dated: readonly Dated[], prefix: string, session: WritingSession): AuditEvent[] {
  const width = Math.max(4, String(dated.length).length);
  const ids: string[] = [];
  const taken = new Set<string>();
  return dated.map(({ ingredients, moment }, index) => {
    const { body, writing, freeId, fault } = ingredients;
    const numbered = `${prefix}${String(index + 1).padStart(width, '0')}`;
    const free = standsAlone(dated, index);
    const id = free && freeId !== undefined && !taken.has(freeId) ? freeId : numbered;
    const timestamp = moment === 'now' ? undefined : eventTime(moment, writing, session);
    const event: AuditEvent = { id, ...body, ...(timestamp === undefined ? {} : { timestamp }) };
    const spoilt = fault === undefined || (fault.column === 'id' && !free) ? event : spoil(event, fault, ids);
    ids.push(id);
    taken.add(id);
    return spoilt;
  });
}

/**
 * Whether the id of an event has no say in its order: its time is after all before it and before all after it.
 * At the end of time the row appended after a restore would share it.
 */
function standsAlone(dated: readonly Dated[], index: number): boolean {
  const moment = dated[index]?.moment;
  if (moment === undefined || moment === 'now' || moment.at === LATEST) return false;
  const [before, after] = [dated[index - 1], dated[index + 1]];
  return (
    (before === undefined || instant(before.moment) < moment.at) &&
    (after === undefined || instant(after.moment) > moment.at)
  );
}

function eventTime(
  { at, written }: Moment,
  writing: Writing | undefined,
  session: WritingSession,
): EventTime {
  const literal = written ?? (writing === undefined ? undefined : writeTimestamp(at, writing, session));
  return { at: String(at), ...(literal === undefined ? {} : { written: literal }) };
}

function grouped(events: readonly AuditEvent[], shapes: readonly Shape[]): Transaction[] {
  const transactions: Transaction[] = [];
  let statements: Statement[] = [];
  let start = 0;
  for (const { rows, insert, undone, ends, rolledBack } of shapes) {
    if (start >= events.length) break;
    const mine = events.slice(start, start + rows);
    start += rows;
    statements.push({ insert, ...(undone ? { savepoint: 'rollback' } : {}), events: mine });
    if (!ends && start < events.length) continue;
    transactions.push({ ...(rolledBack ? { end: 'rollback' } : {}), statements });
    statements = [];
  }
  return transactions;
}
