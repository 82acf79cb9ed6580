import type { z } from 'zod';

/** The value of a JSON text, or in plain words why it is none. */
export function readJson(text: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { fault: faultOf(text, error instanceof Error ? error.message : '') };
  }
}

function faultOf(text: string, message: string): string {
  if (text.trim() === '') return 'the file is empty';
  // U+FFFD stands for bytes that are no UTF-8.
  if (/[\0\uFFFD]/.test(text)) return 'it holds binary data';
  const start = text.trimStart();
  if (!/^[[{]/.test(start)) return `it begins with ${JSON.stringify(start.slice(0, 20))}`;
  const position = Number(/ at position (\d+)/.exec(message)?.[1]);
  const cut = /^(?:Unexpected end|Unterminated)/.test(message) || position >= text.trimEnd().length;
  if (cut) return 'it is cut short: the text ends too early';
  // The engine does not always tell where.
  if (Number.isNaN(position)) return 'a part of its text is no JSON';
  return `in line ${text.slice(0, position).split('\n').length} its text is no JSON`;
}

/**
 * What is wrong with a JSON value, in plain words: the first issue that its schema found, with its place.
 * @param whole what the value is called where it is wrong as a whole: `the case`
 */
export function describeIssue({ issues }: Pick<z.ZodError, 'issues'>, whole: string): string {
  const [issue] = issues;
  if (!issue) return `${whole} is not as it should be`;
  const place = issue.path.length === 0 ? whole : issue.path.map(String).join('.');
  switch (issue.code) {
    case 'invalid_type':
      // What is missing and what is null are both told by the value's type alone.
      return issue.message.endsWith('received undefined')
        ? `${place} is missing`
        : `${place} is not ${NAMES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `${place} is none of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'unrecognized_keys':
      return `${place} has ${issue.keys.join(', ')}, which this version does not know`;
    case 'invalid_union':
      return `${place} is none of the forms that are known`;
    default:
      return `${place}: ${issue.message}`;
  }
}

const NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
};
