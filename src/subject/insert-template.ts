import type { AuditEvent } from '../case/case.ts';
import { EVENT_FIELDS } from '../text/event-fields.ts';

type Field = keyof AuditEvent;

/** An INSERT of one event, cut where its values go: a text, a field, a text, … */
export interface InsertTemplate {
  readonly texts: readonly string[];
  readonly fields: readonly Field[];
}

/** The names in braces of a template that are no fields of an event. */
export function unknownFields(insert: string): string[] {
  return [...insert.matchAll(/\{(\w+)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !EVENT_FIELDS.some((field) => field === name));
}

/** The template of a text whose names in braces are all fields. */
export function templateOf(insert: string): InsertTemplate {
  const parts = insert
    .trim()
    .replace(/;$/, '')
    .split(/\{(\w+)\}/);
  return {
    texts: parts.filter((_, index) => index % 2 === 0),
    fields: parts.filter((_, index) => index % 2 === 1) as Field[],
  };
}

/** The statement with SQL in the place of each value. */
export function filledIn({ texts, fields }: InsertTemplate, valueOf: (field: Field) => string): string {
  return texts
    .map((text, index) => text + (fields[index] === undefined ? '' : valueOf(fields[index])))
    .join('');
}
