import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { AuditEvent } from '../case/case.ts';
import { EVENT_FIELDS } from '../text/event-fields.ts';
import type { Connection } from '../postgres/connection.ts';
import type { EventWriting } from '../subject/subject.ts';
import { insertEvents } from './insert-events.ts';
import { columnValue, placeOf, type Column } from './event-columns.ts';

/** Characters of one chunk on the wire, more or less. */
const CHUNK = 65_536;

/**
 * Writes events by COPY in the text format. A COPY names its columns once, so where another column takes its
 * default another COPY begins.
 * @throws the server's error
 */
export async function copyEvents(
  connection: Connection,
  writing: EventWriting,
  events: readonly AuditEvent[],
): Promise<void> {
  // What has an INSERT of its own cannot be copied into.
  if ('texts' in writing) return insertEvents(connection, writing, events);
  for (const { columns, run } of runsOfEqualColumns(events)) {
    const target = connection.query(copyFrom(`COPY ${placeOf(writing, columns)} FROM STDIN`));
    await pipeline(Readable.from(chunks(run, columns)), target);
  }
}

/** Events one after another that leave the same columns to their defaults. */
export function runsOfEqualColumns(
  events: readonly AuditEvent[],
): { columns: Column[]; run: AuditEvent[] }[] {
  const runs: { columns: Column[]; run: AuditEvent[] }[] = [];
  for (const event of events) {
    const columns = EVENT_FIELDS.filter((column) => columnValue(event, column) !== undefined);
    const last = runs.at(-1);
    if (last && last.columns.join() === columns.join()) last.run.push(event);
    else runs.push({ columns, run: [event] });
  }
  return runs;
}

function* chunks(events: readonly AuditEvent[], columns: readonly Column[]): Generator<Buffer> {
  let pending = '';
  for (const event of events) {
    pending += `${columns.map((column) => copyField(columnValue(event, column) ?? null)).join('\t')}\n`;
    if (pending.length < CHUNK) continue;
    yield Buffer.from(pending);
    pending = '';
  }
  yield Buffer.from(pending);
}

/** A field of COPY's text format (manual, COPY, File Formats, Text Format): `\N` is NULL, a backslash hides the rest. */
export function copyField(value: string | null): string {
  return value === null ? '\\N' : value.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPED[character] ?? '');
}

const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
