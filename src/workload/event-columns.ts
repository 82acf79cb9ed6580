import type { AuditEvent } from '../case/case.ts';
import type { ColumnWriting } from '../subject/subject.ts';
import { formatLiteral } from '../text/timestamp.ts';

/** The fields of an event that are written, in this order. */
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

/** The table with its columns in brackets, as INSERT and COPY take them. */
export function placeOf({ table, columns }: ColumnWriting, written: readonly Column[] = COLUMNS): string {
  return `${table} (${written.map((column) => columns[column]).join(', ')})`;
}
