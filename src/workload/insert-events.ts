import type { AuditEvent } from '../case/case.ts';
import { EVENT_FIELDS } from '../text/event-fields.ts';
import type { Connection } from '../postgres/connection.ts';
import type { InsertTemplate } from '../subject/insert-template.ts';
import type { ColumnWriting, EventWriting } from '../subject/subject.ts';
import { columnValue, placeOf } from './event-columns.ts';

/** Rows of one INSERT at most: it carries at most 65,535 parameters (manual, Appendix K). */
const MOST_ROWS_TOGETHER = 5000;

/**
 * Writes events by one INSERT, by several where there are more than 5,000; an absent column is DEFAULT.
 * @throws the server's error
 */
export async function insertEvents(
  connection: Connection,
  writing: EventWriting,
  events: readonly AuditEvent[],
): Promise<void> {
  if ('texts' in writing) {
    for (const event of events) await insertByTemplate(connection, writing, event);
    return;
  }
  for (let start = 0; start < events.length; start += MOST_ROWS_TOGETHER) {
    const { text, values } = insertStatement(writing, events.slice(start, start + MOST_ROWS_TOGETHER));
    await connection.query(text, values);
  }
}

async function insertByTemplate(
  connection: Connection,
  { texts, fields }: InsertTemplate,
  event: AuditEvent,
): Promise<void> {
  const values: (string | null)[] = [];
  const places = fields.map((field) => {
    const value = columnValue(event, field);
    if (value === undefined) return 'DEFAULT';
    values.push(value);
    return `$${values.length}`;
  });
  await connection.query(texts.map((text, index) => text + (places[index] ?? '')).join(''), values);
}

function insertStatement(
  writing: ColumnWriting,
  events: readonly AuditEvent[],
): { text: string; values: (string | null)[] } {
  const values: (string | null)[] = [];
  const rows = events.map((event) => {
    const cells = EVENT_FIELDS.map((column) => {
      const value = columnValue(event, column);
      if (value === undefined) return 'DEFAULT';
      values.push(value);
      return `$${values.length}`;
    });
    return `(${cells.join(', ')})`;
  });
  return { text: `INSERT INTO ${placeOf(writing)} VALUES ${rows.join(', ')}`, values };
}
