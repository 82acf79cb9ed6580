import type { AuditEvent } from './case.ts';
import { jsonRefusal, jsonTokens, type JsonToken } from './json-text.ts';

export const DETAILS_LABELS = [
  'null',
  'empty-object',
  'json-null',
  'scalar',
  'array',
  'nested',
  'deep',
  'scale',
  'exponent',
  'negative-zero',
  'beyond-double',
  'widest-number',
  'duplicate-keys',
  'length-ordered-keys',
  'beyond-ascii-keys',
  'escapes',
  'surrogate-pair',
  'blanks',
  'long',
  'big',
].map((name) => `details:${name}`);

/** The classes of an event's details: `details:duplicate-keys`; none where the source refuses them. */
export function classifyDetails({ details }: AuditEvent): string[] {
  if (details === null) return ['details:null'];
  if (details.includes('\0') || jsonRefusal(details) !== undefined) return [];
  const tokens = jsonTokens(details);
  const { depth, keys } = structure(tokens);
  const found = {
    'empty-object': details === '{}',
    'json-null': details === 'null',
    scalar: depth === 0,
    array: details.startsWith('['),
    nested: depth > 1,
    deep: depth >= 100,
    'duplicate-keys': keys.some((own) => new Set(own).size < own.length),
    // Longer ones first in the order of the alphabet: jsonb turns them round.
    'length-ordered-keys': keys.some((own) =>
      own.some((key) => own.some((other) => key < other && key.length > other.length)),
    ),
    'beyond-ascii-keys': keys.flat().some((key) => /\P{ASCII}/u.test(key)),
    escapes: tokens.some(({ text }) => text.startsWith('"') && text.includes('\\')),
    'surrogate-pair': /\\ud[89ab]/i.test(details),
    // What is left beside the tokens and the colons of the keys.
    blanks:
      details.length >
      tokens.reduce((sum, { kind, text }) => sum + text.length + (kind === 'key' ? 1 : 0), 0),
    long: details.length > 1990,
    big: details.length >= 100_000,
    ...numberClasses(tokens),
  };
  return Object.entries(found).flatMap(([name, holds]) => (holds ? [`details:${name}`] : []));
}

function numberClasses(tokens: readonly JsonToken[]) {
  const numbers = tokens.filter(({ kind }) => kind === 'number').map(({ text }) => text);
  return {
    scale: numbers.some((text) => /\.\d*0$/.test(text)),
    exponent: numbers.some((text) => /e/i.test(text)),
    'negative-zero': numbers.some((text) => /^-0(?:\.0*)?$/.test(text)),
    'beyond-double': numbers.some(
      (text) => text.replace(/\D/g, '').length > 17 || text === '9007199254740993',
    ),
    'widest-number': numbers.some((text) => /e(?:131071|-16383)$/.test(text)),
  };
}

/** How deep the text goes, and the decoded keys of each object. */
function structure(tokens: readonly JsonToken[]): { depth: number; keys: string[][] } {
  const open: string[][] = [];
  const keys: string[][] = [];
  let depth = 0;
  for (const { kind, text } of tokens) {
    if (kind === 'open') {
      const own: string[] = [];
      open.push(own);
      keys.push(own);
      depth = Math.max(depth, open.length);
    }
    if (kind === 'close') open.pop();
    if (kind === 'key') open.at(-1)?.push(String(JSON.parse(text)));
  }
  return { depth, keys };
}
