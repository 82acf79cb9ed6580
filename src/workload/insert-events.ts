import type { AuditEvent } from '../case/case.ts';
import type { Connection } from '../postgres/connection.ts';
import type { EventWriting } from '../subject/subject.ts';
import { columnValue, COLUMNS, placeOf } from './event-columns.ts';

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
  for (let start = 0; start < events.length; start += MOST_ROWS_TOGETHER) {
    const { text, values } = insertStatement(writing, events.slice(start, start + MOST_ROWS_TOGETHER));
    await connection.query(text, values);
  }
}

function insertStatement(
  writing: EventWriting,
  events: readonly AuditEvent[],
): { text: string; values: (string | null)[] } {
  const values: (string | null)[] = [];
  const rows = events.map((event) => {
    const cells = COLUMNS.map((column) => {
      const value = columnValue(event, column);
      if (value === undefined) return 'DEFAULT';
      values.push(value);
      return `$${values.length}`;
    });
    return `(${cells.join(', ')})`;
  });
  return { text: `INSERT INTO ${placeOf(writing)} VALUES ${rows.join(', ')}`, values };
}
