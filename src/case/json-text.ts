/** One token of a valid JSON text; a `key` is the string before a colon, quotes and escapes as written. */
export interface JsonToken {
  readonly kind: 'key' | 'string' | 'number' | 'open' | 'close' | 'other';
  readonly text: string;
}

const TOKEN =
  /(?<string>"[^"\\]*(?:\\.[^"\\]*)*")(?<key>\s*:)?|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|[{}[\],]|true|false|null/g;

/** The tokens of a text that JSON.parse takes; colons belong to their keys. */
export function jsonTokens(text: string): JsonToken[] {
  return [...text.matchAll(TOKEN)].map(({ 0: whole, groups }) => {
    if (groups?.['string'] !== undefined) {
      return { kind: groups['key'] === undefined ? 'string' : 'key', text: groups['string'] };
    }
    if (groups?.['number'] !== undefined) return { kind: 'number', text: whole };
    if (whole === '{' || whole === '[') return { kind: 'open', text: whole };
    return { kind: whole === '}' || whole === ']' ? 'close' : 'other', text: whole };
  });
}

/**
 * The SQLSTATE by which jsonb refuses a text; undefined where it takes it.
 *
 * The grammar is JavaScript's own: both hold to RFC 8259. Beyond it jsonb refuses what it cannot store:
 * U+0000 (22P05) and halves of surrogate pairs (22P02; src/common/jsonapi.c, json_lex_string), and numbers that
 * `numeric` does not hold (22003). Of several faults the grammar's is taken.
 */
export function jsonRefusal(text: string): string | undefined {
  if (!isJson(text)) return '22P02';
  if (!NEEDS_A_LOOK.test(text)) return undefined;
  for (const token of jsonTokens(text)) {
    const sqlstate =
      token.kind === 'number'
        ? numberRefusal(token.text)
        : token.kind === 'string' || token.kind === 'key'
          ? escapeRefusal(token.text)
          : undefined;
    if (sqlstate !== undefined) return sqlstate;
  }
  return undefined;
}

/** An escape, an exponent or very many digits: without one, JSON that is well-formed is taken. */
const NEEDS_A_LOOK = /\\u|\d[eE]|\d{16384}/;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function escapeRefusal(token: string): string | undefined {
  if (!token.includes('\\u')) return undefined;
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(token)) return '22P05';
  return String(JSON.parse(token)).isWellFormed() ? undefined : '22P02';
}

/** Digits of `numeric` after the point and before it (manual, 8.1.2). */
const MOST_SCALE = 16_383;
const MOST_WHOLE_DIGITS = 131_072;

/** Scale counts as written: 0e-16384 is refused like 1e-16384 (src/backend/utils/adt/numeric.c, set_var_from_str). */
function numberRefusal(token: string): string | undefined {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const power = Number(exponent);
  const leading = (whole + fraction).search(/[1-9]/);
  const wholeDigits = leading === -1 ? 0 : whole.length - leading + power;
  const refused =
    Math.abs(power) >= 2 ** 30 || fraction.length - power > MOST_SCALE || wholeDigits > MOST_WHOLE_DIGITS;
  return refused ? '22003' : undefined;
}
