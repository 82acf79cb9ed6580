import type { AuditEvent } from '../case/case.ts';
import { EVENT_FIELDS } from '../text/event-fields.ts';
import type { ColumnWriting } from '../subject/subject.ts';
import { formatLiteral } from '../text/timestamp.ts';

export type Column = (typeof EVENT_FIELDS)[number];

/** A column's value as text, null for NULL; undefined where the column takes its default. */
export function columnValue(event: AuditEvent, column: Column): string | null | undefined {
  if (column !== 'timestamp') return event[column];
  return event.timestamp && (event.timestamp.written ?? formatLiteral(BigInt(event.timestamp.at ?? 0)));
}

/** The table with its columns in brackets, as INSERT and COPY take them. */
export function placeOf(
  { table, columns }: ColumnWriting,
  written: readonly Column[] = EVENT_FIELDS,
): string {
  return `${table} (${written.map((column) => columns[column]).join(', ')})`;
}
