import { microsecondsOf } from '../text/timestamp.ts';
import type { AuditEvent, Case, Transaction } from './case.ts';

/** How many rows the fixed cycle has unless asked otherwise. */
export const SMOKE_ROWS = 24;

const ACTIONS = ['certificate.issue', 'certificate.renew', 'certificate.revoke', 'auth.login'] as const;
const FIRST_AT = microsecondsOf(2026, 1, 5) + 7n * 3_600_000_000n;

/** Beyond, the rows of the cycle are loaded instead of going through the triggers, where the subject can be loaded. */
const MOST_THROUGH_TRIGGERS = 5000;

/** The fixed cycle: the regression seed, the same rows and options in every version and every run. */
export function smokeCase(rows: number = SMOKE_ROWS, loadable = true): Case {
  const few = rows <= MOST_THROUGH_TRIGGERS || !loadable;
  return {
    format: 'restoreproof.case/v1',
    workload: few
      ? {
          transactions: inTransactions(
            Array.from({ length: rows }, (_, index) => smokeEvent(index, widthOf(rows))),
          ),
        }
      : { loaded: rows, transactions: [] },
    dump: { format: 'custom', options: ['--no-owner', '--no-acl'] },
    restore: { tool: 'pg_restore', options: ['--no-owner', '--no-acl'] },
    target: { kind: 'wiped' },
  };
}

/** The events of the fixed cycle, one after another: of a million there is one in memory. Details are as jsonb prints them. */
export function* fixedCycle(rows: number): Generator<AuditEvent> {
  const width = widthOf(rows);
  for (let index = 0; index < rows; index++) {
    yield {
      ...smokeEvent(index, width),
      details: `{"note": "fixed cycle", "sequence": ${index + 1}}`,
    };
  }
}

function widthOf(rows: number): number {
  return Math.max(6, String(rows).length);
}

/** Versions of the head row are pruned after a commit only: many events in one transaction take quadratic time. */
const EVENTS_OF_A_TRANSACTION = 250;

function inTransactions(events: readonly AuditEvent[]): Transaction[] {
  const transactions: Transaction[] = [];
  for (let start = 0; start < events.length; start += EVENTS_OF_A_TRANSACTION) {
    const part = events.slice(start, start + EVENTS_OF_A_TRANSACTION);
    transactions.push({ statements: [{ insert: 'together', events: part }] });
  }
  return transactions;
}

function smokeEvent(index: number, width: number): AuditEvent {
  const number = String(index + 1).padStart(width, '0');
  const action = ACTIONS[index % ACTIONS.length] ?? ACTIONS[0];
  const login = action === 'auth.login';
  return {
    id: `audit-${number}`,
    actor: login ? 'operator@example.org' : 'scheduler',
    actor_type: login ? 'user' : 'system',
    action,
    resource_type: login ? 'session' : 'certificate',
    resource_id: `${login ? 'session' : 'certificate'}-${number}`,
    details: JSON.stringify({ sequence: index + 1, note: 'fixed cycle' }),
    timestamp: { at: String(FIRST_AT + BigInt(index)) },
    event_category: login ? 'auth' : 'cert_lifecycle',
  };
}
