import type { AuditEvent } from '../case/case.ts';

type Events = readonly AuditEvent[];

/** True where one event is like this. */
export function someEvent(like: (event: AuditEvent) => boolean): (events: Events) => boolean {
  return (events) => events.some(like);
}

/** True where one event has a given instant like this, in microseconds since 1970. */
export function someInstant(like: (at: bigint) => boolean): (events: Events) => boolean {
  return (events) => instantsOf(events).some(like);
}

/** True where every event that has a given instant has one like this. */
export function everyInstant(like: (at: bigint) => boolean): (events: Events) => boolean {
  return (events) => instantsOf(events).every(like);
}

/** True where the first and the last event differ in a value that both of them are given. */
export function firstAndLastDiffer(value: (event: AuditEvent) => string | undefined) {
  return (events: Events): boolean => {
    const [first, last] = [events[0], events.at(-1)].map((event) => event && value(event));
    return first !== undefined && last !== undefined && first !== last;
  };
}

function instantsOf(events: Events): bigint[] {
  return events.flatMap(({ timestamp }) => (timestamp?.at === undefined ? [] : [BigInt(timestamp.at)]));
}
