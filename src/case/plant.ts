import type { AuditEvent, Workload } from './case.ts';
import { expectedEffect } from './expected-effect.ts';
import type { SubjectTraits } from './subject-traits.ts';

/** Puts something into a workload. Where there is nothing to put it into, the workload stays as it is. */
export type Plant = (workload: Workload, traits: SubjectTraits) => Workload;

/** One of the rows that the workload leaves behind has the text in one of its columns. */
export function plantText(text: string, drawn: number): Plant {
  const columns = ['actor', 'action', 'resource_type', 'resource_id'] as const;
  return plantValue({ [columns[drawn % columns.length] ?? 'actor']: text }, drawn);
}

/** One of the rows has the JSON for its details. */
export function plantDetails(details: string, drawn: number): Plant {
  return plantValue({ details }, drawn);
}

function plantValue(value: Partial<AuditEvent>, drawn: number): Plant {
  return (workload, traits) => {
    const { accepted } = expectedEffect(workload, traits);
    const chosen = accepted[drawn % accepted.length];
    if (!chosen) return workload;
    return mapEvents(workload, (event) => (event.id === chosen.id ? { ...event, ...value } : event));
  };
}

/**
 * Two rows inserted one after the other have one time, and ids that go up by their bytes, B… and a…, which the
 * collations of languages put in the other order.
 */
export function plantTie(drawn: number): Plant {
  return (workload, traits) => {
    const { accepted } = expectedEffect(workload, traits);
    const pairs = accepted.flatMap((second, index) => {
      const first = accepted[index - 1];
      return first?.timestamp && second.timestamp ? [{ first, second }] : [];
    });
    const chosen = pairs[drawn % pairs.length];
    if (!chosen) return workload;
    const { first, second } = chosen;
    let past = false;
    return mapEvents(workload, (event) => {
      past ||= event.id === second.id;
      const id = `${past ? 'a' : 'B'}${event.id}`;
      return event.id === second.id ? { ...event, id, timestamp: first.timestamp } : { ...event, id };
    });
  };
}

function mapEvents(workload: Workload, change: (event: AuditEvent) => AuditEvent): Workload {
  const transactions = workload.transactions.map((transaction) => ({
    ...transaction,
    statements: transaction.statements.map((statement) => ({
      ...statement,
      events: statement.events.map(change),
    })),
  }));
  return { ...workload, transactions };
}
