import type { AuditEvent, Statement, Workload } from './case.ts';
import { jsonRefusal } from './json-text.ts';
import type { Intake, LimitedField, SubjectTraits } from './subject-traits.ts';
import { oncePerWorkload } from './once-per-workload.ts';
import { NOW_UNTIL, REFUSED_LITERALS } from './timestamp-literals.ts';

/** One refusal by the source, placed by indexes into the workload. */
export interface Refusal {
  readonly transaction: number;
  readonly statement: number;
  /** The refused event where each is an INSERT of its own; 0 where the whole statement is refused. */
  readonly event: number;
  readonly sqlstate: string;
}

/** What a workload leaves behind. */
export interface ExpectedEffect {
  /** The rows of the table in the order of their insertion, texts as stored. */
  readonly accepted: readonly AuditEvent[];
  readonly refusals: readonly Refusal[];
  /** False where nothing is known of refusals: then all events are taken to be accepted. */
  readonly refusalsKnown: boolean;
  /** Rows that were there before. */
  readonly loaded: number;
  /** Whether the rows were inserted in the order in which the verifier walks them: ("timestamp", id). */
  readonly order: 'valid' | 'invalid';
  /** The ids of rows inserted one after the other that share a time, so that the ids decide their order. */
  readonly ties: readonly (readonly [string, string])[];
}

/**
 * What PostgreSQL makes of a workload, decided from the workload and the subject's traits alone.
 *
 * An event without a timestamp happens now: after 2026-01-01, and where the workload also gives timestamps up to
 * 2200, after those. Ids at equal times are ordered by their bytes, as under collation C.
 */
export const expectedEffect = oncePerWorkload(effectOf);

function effectOf(workload: Workload, { intake, order: walk }: SubjectTraits): ExpectedEffect {
  const table = new Table(intake);
  const refusals: Refusal[] = [];
  for (const [transaction, { statements, end }] of workload.transactions.entries()) {
    const start = table.length;
    for (const [statement, { savepoint, ...rest }] of statements.entries()) {
      const mark = table.length;
      for (const { from, events } of commandsOf(rest)) {
        const sqlstate = table.insert(events, rest.insert, transaction);
        if (sqlstate !== undefined) refusals.push({ transaction, statement, event: from, sqlstate });
      }
      if (savepoint === 'rollback') table.truncate(mark);
    }
    if (end === 'rollback') table.truncate(start);
  }
  const order = walk === 'insertion' || table.isOrdered() ? 'valid' : 'invalid';
  const { loaded = 0 } = workload;
  return {
    accepted: table.events(),
    refusals,
    refusalsKnown: intake !== undefined,
    loaded,
    order,
    ties: table.ties(),
  };
}

function commandsOf({ insert, events }: Statement): { from: number; events: readonly AuditEvent[] }[] {
  if (insert === 'each') return events.map((event, from) => ({ from, events: [event] }));
  return events.length === 0 ? [] : [{ from: 0, events }];
}

interface Row {
  readonly event: AuditEvent;
  readonly at: bigint;
  readonly transaction: number;
}

/** The rows as a stack: a rollback takes the newest ones away. */
class Table {
  private readonly rows: Row[] = [];
  private readonly ids = new Set<string>();
  private readonly intake: Intake | undefined;
  private readonly categories: ReadonlySet<string | null | undefined>;

  constructor(intake: Intake | undefined) {
    this.intake = intake;
    // NULL and the default satisfy the CHECK.
    this.categories = new Set([...(intake?.categories ?? []), null, undefined]);
  }

  get length(): number {
    return this.rows.length;
  }

  /** Inserts all events or none; gives the SQLSTATE where they are refused. */
  insert(events: readonly AuditEvent[], how: Statement['insert'], transaction: number): string | undefined {
    const limits = this.intake?.limits ?? {};
    const early = how === 'copy' || !this.intake ? undefined : parameterFault(events, limits);
    if (early !== undefined) return early;
    const mark = this.length;
    for (const event of events) {
      const fault = this.intake && this.faultOf(event, how, this.intake);
      if (fault !== undefined) {
        this.truncate(mark);
        return fault;
      }
      this.ids.add(event.id);
      this.rows.push({ event: asStored(event, limits), at: instant(event), transaction });
    }
    return undefined;
  }

  truncate(length: number): void {
    for (const { event } of this.rows.splice(length)) this.ids.delete(event.id);
  }

  events(): AuditEvent[] {
    return this.rows.map(({ event }) => event);
  }

  ties(): [string, string][] {
    return this.rows.flatMap((row, index): [string, string][] => {
      const previous = this.rows[index - 1];
      return previous && timeKey(previous) === timeKey(row) ? [[previous.event.id, row.event.id]] : [];
    });
  }

  isOrdered(): boolean {
    return this.rows.every((row, index) => {
      const previous = this.rows[index - 1];
      return previous === undefined || precedes(previous, row);
    });
  }

  private faultOf(event: AuditEvent, how: Statement['insert'], intake: Intake): string | undefined {
    return (how === 'copy' ? lineFault(event, intake.limits) : undefined) ?? this.rowFault(event, intake);
  }

  /** The trigger comes first, then constraints, then the index of the primary key. */
  private rowFault(event: AuditEvent, { infinity }: Intake): string | undefined {
    const time = timeFault(event);
    if (time !== undefined && isRowState(time) && infinity === 'refused') return time;
    if (!this.categories.has(event.event_category)) return '23514';
    if (this.ids.has(event.id)) return '23505';
    return isTooWideForIndex(event.id) ? '54000' : undefined;
  }
}

/** Equal for rows of equal time: those of now() in one transaction, too. */
function timeKey({ event, at, transaction }: Row): string {
  return event.timestamp ? String(at) : `now ${transaction}`;
}

function precedes(a: Row, b: Row): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (timeKey(a) !== timeKey(b)) return true;
  return Buffer.compare(Buffer.from(a.event.id), Buffer.from(b.event.id)) < 0;
}

function instant({ timestamp }: AuditEvent): bigint {
  return timestamp ? BigInt(timestamp.at ?? 0) : NOW_UNTIL - 1n;
}

type Limits = Intake['limits'];
const LIMITED: readonly LimitedField[] = ['actor', 'actor_type', 'action', 'resource_type', 'resource_id'];

/**
 * What stops an INSERT before any row is tried: its parameters are read first, row by row (Bind message), then
 * lengths are applied while the statement is planned with them (constant folding, also in VALUES lists).
 */
function parameterFault(events: readonly AuditEvent[], limits: Limits): string | undefined {
  return (
    first(events, inputFault) ??
    first(events, (event) => first(LIMITED, (column) => lengthFault(event, column, limits)))
  );
}

/** What stops a COPY at a line: its bytes are checked, then its columns are read in order, lengths included. */
function lineFault(event: AuditEvent, limits: Limits): string | undefined {
  return (
    first(textsOf(event), nulFault) ??
    first(LIMITED, (column) => lengthFault(event, column, limits)) ??
    inputFault(event)
  );
}

function inputFault(event: AuditEvent): string | undefined {
  const { event_category: category, details, ...rest } = event;
  const json = details === null ? undefined : (nulFault(details) ?? jsonRefusal(details));
  const time = timeFault(event);
  return (
    first(textsOf({ ...rest, details: null }), nulFault) ??
    json ??
    (time !== undefined && !isRowState(time) ? time : undefined) ??
    nulFault(category ?? '')
  );
}

function textsOf(event: AuditEvent): string[] {
  const { id, actor, actor_type, action, resource_type, resource_id, details, event_category } = event;
  return [id, actor, actor_type, action, resource_type, resource_id, details ?? '', event_category ?? ''];
}

function nulFault(text: string): string | undefined {
  return text.includes('\0') ? '22021' : undefined;
}

/** Characters are counted, not bytes; blanks beyond the limit are cut off in silence (manual, 8.3). */
function lengthFault(event: AuditEvent, column: LimitedField, limits: Limits): string | undefined {
  const text = event[column];
  const limit = limits[column] ?? Infinity;
  if (text.length <= limit) return undefined;
  const beyond = Array.from(text).slice(limit);
  return beyond.every((character) => character === ' ') ? undefined : '22001';
}

function asStored(event: AuditEvent, limits: Limits): AuditEvent {
  const stored = LIMITED.map((column) => [column, cut(event[column], limits[column])] as const);
  return stored.every(([column, text]) => event[column] === text)
    ? event
    : { ...event, ...Object.fromEntries(stored) };
}

function cut(text: string, limit = Infinity): string {
  return text.length <= limit ? text : Array.from(text).slice(0, limit).join('');
}

/** An unknown literal without an instant is taken for a syntax error. */
function timeFault({ timestamp }: AuditEvent): string | undefined {
  if (timestamp === undefined || timestamp.at !== undefined) return undefined;
  return REFUSED_LITERALS[timestamp.written ?? ''] ?? '22007';
}

/** Integrity violations come with the row, not with its values. */
function isRowState(sqlstate: string): boolean {
  return sqlstate.startsWith('23');
}

/**
 * An index row has 2,704 bytes at most (src/include/access/nbtree.h, BTMaxItemSize), 12 of them for its header and
 * the text's length. Text may be compressed there; here only one character repeated is taken to be.
 */
function isTooWideForIndex(id: string): boolean {
  return Buffer.byteLength(id) > 2692 && id !== (id[0] ?? '').repeat(id.length);
}

function first<T>(all: readonly T[], fault: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const sqlstate = fault(one);
    if (sqlstate !== undefined) return sqlstate;
  }
  return undefined;
}
