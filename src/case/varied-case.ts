import { microsecondsOf } from '../text/timestamp.ts';
import type { AuditEvent, Case } from './case.ts';

const AT_2026 = microsecondsOf(2026, 11, 1) + 5n * 3_600_000_000n + 1_800_000_000n;

/** What the rows are besides plain, oldest first: each has something that a careless restore would change. */
const ROWS: readonly (Partial<AuditEvent> & { readonly at: bigint })[] = [
  // 44 BC, which the chain's hash takes for AD 44.
  { at: microsecondsOf(-43, 3, 15) },
  { at: microsecondsOf(1900, 2, 28) - 1n, actor: 'Ren\u00E9 \u03A9' },
  { at: microsecondsOf(1999, 12, 31), actor: 'Rene\u0301' },
  { at: microsecondsOf(2026, 7, 1) + 123_456n, actor: 'Alice', resource_id: ' padded ' },
  { at: microsecondsOf(2026, 7, 2), actor: 'x|y', details: '{}' },
  { at: microsecondsOf(2026, 7, 3), details: '{"price": 1.10, "of": [1.0, 20]}' },
  { at: microsecondsOf(2026, 7, 4), details: '{"n": 12345678901234567}', event_category: null },
  // Half past one in New York, for the first time: the hour that comes twice.
  { at: AT_2026, details: '[true, "1.0"]' },
  { at: AT_2026 + 1n, actor: 'operator', event_category: 'config' },
];

/** The fixed case of the self-test: few rows, on which every mutant has something to strike at. */
export function variedCase(): Case {
  const events = ROWS.map(({ at, ...given }, index): AuditEvent => ({
    id: `varied-${index + 1}`,
    actor: 'scheduler',
    actor_type: 'user',
    action: 'auth.login',
    resource_type: 'session',
    resource_id: `session-${index + 1}`,
    details: null,
    event_category: 'auth',
    ...given,
    timestamp: { at: String(at) },
  }));
  return {
    format: 'restoreproof.case/v1',
    workload: { transactions: [{ statements: [{ insert: 'each', events }] }] },
    dump: { format: 'plain' },
    restore: { tool: 'psql' },
    target: { kind: 'wiped' },
  };
}
