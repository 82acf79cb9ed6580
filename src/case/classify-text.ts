import type { AuditEvent } from './case.ts';

/** How to tell that a text is of a class; by what is in it, not by what it was drawn from. */
const TELLS = {
  empty: (text) => text === '',
  pipe: (text) => text.includes('|'),
  quote: (text) => /['"]/.test(text),
  backslash: (text) => text.includes('\\'),
  'copy-end': (text) => text.includes('\\.'),
  'copy-null': (text) => text.includes('\\N'),
  tab: (text) => text.includes('\t'),
  cr: (text) => text.includes('\r'),
  lf: (text) => text.includes('\n'),
  blanks: (text) => /^\s|\s$/.test(text),
  control: (text) => /(?![\t\r\n\u0080-\u009f])\p{Cc}/u.test(text),
  'dollar-quote': (text) => /\$\w*\$/.test(text),
  comment: (text) => /--|\/\*|\*\//.test(text),
  'psql-command': (text) => /\\(?:!|q\b|restrict|unrestrict|connect)/.test(text),
  'psql-variable': (text) => /:(?:['"]?foo|\{\?)/.test(text),
  latin1: (text) => /[\u0080-\u00ff]/.test(text),
  nel: (text) => text.includes('\u0085'),
  astral: (text) => /[\u{10000}-\u{10ffff}]/u.test(text),
  combining: (text) => /\p{M}/u.test(text),
  'right-to-left': (text) => /[\u0590-\u06ff\u202e]/.test(text),
  bom: (text) => text.includes('\ufeff'),
  replacement: (text) => text.includes('\ufffd'),
  noncharacter: (text) => /[\ufdd0-\ufdef\ufffe\uffff]/.test(text),
  'line-separator': (text) => /[\u2028\u2029]/.test(text),
  'beyond-latin1': (text) => /[\u0100-\u{10ffff}]/u.test(text),
} satisfies Record<string, (text: string) => boolean>;

export const TEXT_LABELS = [...Object.keys(TELLS), 'at-limit', 'long-id'].map((name) => `text:${name}`);

/** The classes of an event's texts: `text:astral`, `text:at-limit`. */
export function classifyTexts({
  id,
  actor,
  actor_type,
  action,
  resource_type,
  resource_id,
}: AuditEvent): string[] {
  const limited = [actor, action, resource_type, resource_id];
  const texts = [id, ...limited, actor_type];
  const names = Object.entries(TELLS)
    .filter(([, tells]) => texts.some(tells))
    .map(([name]) => name);
  if (characters(actor_type) === 50 || limited.some((text) => characters(text) === 255))
    names.push('at-limit');
  if (id.length > 2000) names.push('long-id');
  return names.map((name) => `text:${name}`);
}

function characters(text: string): number {
  return Array.from(text).length;
}
