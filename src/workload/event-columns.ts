import type { AuditEvent } from '../case/case.ts';
import { formatLiteral } from '../text/timestamp.ts';

/** The columns of `audit_events` that a workload writes. */
export const COLUMNS = [
  'id',
  'actor',
  'actor_type',
  'action',
  'resource_type',
  'resource_id',
  'details',
  'timestamp',
  'event_category',
] as const;
export type Column = (typeof COLUMNS)[number];

/** A column's value as text, null for NULL; undefined where the column takes its default. */
export function columnValue(event: AuditEvent, column: Column): string | null | undefined {
  if (column !== 'timestamp') return event[column];
  return event.timestamp && (event.timestamp.written ?? formatLiteral(BigInt(event.timestamp.at ?? 0)));
}

/** Column names as a list in SQL. */
export function columnList(columns: readonly Column[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}
