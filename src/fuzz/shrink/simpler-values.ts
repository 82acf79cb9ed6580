import type { AuditEvent, Case, EventTime, Workload } from '../../case/case.ts';
import { microsecondsOf } from '../../text/timestamp.ts';
import { simplerDetails, simplerTexts } from './simpler-texts.ts';

const TEXTS = ['actor', 'actor_type', 'action', 'resource_type', 'resource_id'] as const;
const FIELDS = [...TEXTS, 'id', 'details', 'event_category', 'timestamp'] as const;
type Field = (typeof FIELDS)[number];

/** The same rows with plainer values: every field of all rows, then field by field, then piece by piece. */
export function* simplerValues(trial: Case): Generator<Case> {
  const { workload } = trial;
  const change = (map: (event: AuditEvent, position: number) => AuditEvent): Case => ({
    ...trial,
    workload: mapEvents(workload, map),
  });
  yield change((event, position) =>
    FIELDS.reduce((simpler, field) => plain(simpler, field, position), event),
  );
  yield { ...trial, workload: withoutSession(workload) };
  for (const spared of FIELDS) {
    const others = FIELDS.filter((field) => field !== spared);
    yield change((event, position) =>
      others.reduce((simpler, field) => plain(simpler, field, position), event),
    );
  }
  for (const field of FIELDS) yield change((event, position) => plain(event, field, position));
  const total = workload.transactions.flatMap(({ statements }) =>
    statements.flatMap(({ events }) => events),
  ).length;
  for (let chosen = 0; chosen < total; chosen++) {
    for (const simplify of SIMPLIFIERS) {
      const event = eventAt(workload, chosen);
      if (!event) continue;
      for (const simpler of simplify(event, chosen)) {
        yield change((other, position) => (position === chosen ? simpler : other));
      }
    }
  }
}

const FIRST_AT = microsecondsOf(2000, 1, 1);

/** The event with one field as plain as can be; its position keeps ids distinct and times increasing. */
function plain(event: AuditEvent, field: Field, position: number): AuditEvent {
  switch (field) {
    case 'id':
      return { ...event, id: `e-${String(position).padStart(6, '0')}` };
    case 'details':
      return { ...event, details: null };
    case 'event_category': {
      const { event_category: _, ...rest } = event;
      return rest;
    }
    case 'timestamp':
      return { ...event, timestamp: { at: String(FIRST_AT + BigInt(position) * 1_000_000n) } };
    default:
      return { ...event, [field]: PLAIN_TEXTS[field] };
  }
}

const PLAIN_TEXTS = {
  actor: 'a',
  actor_type: 'user',
  action: 'auth.login',
  resource_type: 'session',
  resource_id: 's',
} as const;

type SimplifyEvent = (event: AuditEvent, position: number) => Iterable<AuditEvent>;

const SIMPLIFIERS: readonly SimplifyEvent[] = [
  function* fields(event, position) {
    for (const field of FIELDS) yield plain(event, field, position);
  },
  function* times(event, position) {
    for (const timestamp of simplerTimes(event.timestamp, position)) yield { ...event, timestamp };
  },
  function* details(event) {
    for (const simpler of simplerDetails(event.details)) yield { ...event, details: simpler };
  },
  function* texts(event, position) {
    for (const field of [...TEXTS, 'id'] as const) {
      // What is plain already is an end; without one, two plain forms would turn into each other for ever.
      if (event[field] === plain(event, field, position)[field]) continue;
      for (const simpler of simplerTexts(event[field], PLAIN_LETTER)) yield { ...event, [field]: simpler };
    }
  },
];

const PLAIN_LETTER = 'a';

/** The clock's time made a fixed one, which is the same when it is replayed; a time without its written form, then one microsecond beside a plain time, then with fewer parts of its own. */
function* simplerTimes(time: EventTime | undefined, position: number): Generator<EventTime> {
  const base = FIRST_AT + BigInt(position) * 1_000_000n;
  if (time === undefined) yield { at: String(base + 1n) };
  if (time?.at === undefined) return;
  if (time.written !== undefined) yield { at: time.at };
  const at = BigInt(time.at);
  if (at === base || at === base + 1n) return;
  yield { at: String(base + 1n) };
  const ofSecond = ((at % 1_000_000n) + 1_000_000n) % 1_000_000n;
  if (ofSecond !== 0n) yield { at: String(at - ofSecond) };
  if (ofSecond > 1n) yield { at: String(at - ofSecond + 1n) };
}

function withoutSession({ transactions }: Workload): Workload {
  return mapEvents({ transactions }, (event) =>
    event.timestamp?.at === undefined ? event : { ...event, timestamp: { at: event.timestamp.at } },
  );
}

function mapEvents(workload: Workload, map: (event: AuditEvent, position: number) => AuditEvent): Workload {
  let position = 0;
  const transactions = workload.transactions.map((transaction) => ({
    ...transaction,
    statements: transaction.statements.map((statement) => ({
      ...statement,
      events: statement.events.map((event) => map(event, position++)),
    })),
  }));
  return { ...workload, transactions };
}

function eventAt({ transactions }: Workload, position: number): AuditEvent | undefined {
  return transactions.flatMap(({ statements }) => statements.flatMap(({ events }) => events))[position];
}
