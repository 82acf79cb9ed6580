import { microsecondsOf } from '../text/timestamp.ts';
import type { AuditEvent, Workload } from './case.ts';

/** Inside the years that drawn workloads keep free for the column's default. */
const FIRST_AT = microsecondsOf(2030, 1, 1);

/**
 * The same workload with a time for every event that would take the moment of its insertion, so that it gives the
 * same rows whenever it is written. The order stays as it is.
 */
export function withGivenTimes(workload: Workload): Workload {
  let position = 0;
  const given = (event: AuditEvent): AuditEvent => {
    position++;
    return event.timestamp
      ? event
      : { ...event, timestamp: { at: String(FIRST_AT + BigInt(position) * 1_000_000n) } };
  };
  const transactions = workload.transactions.map((transaction) => ({
    ...transaction,
    statements: transaction.statements.map((statement) => ({
      ...statement,
      events: statement.events.map(given),
    })),
  }));
  return { ...workload, transactions };
}
