import * as fc from 'fast-check';

/** Which characters a text may need: a target database has to be able to hold them. */
export type Repertoire = 'ascii' | 'latin1' | 'unicode';

/** Text that hurts somewhere between the server, a dump file and the tools that read it. Each list is one class. */
const TEXT_FRAGMENTS = {
  pipe: ['|', 'a|b|c', '||'],
  quote: ["'", '"', "''", "it's", `"a" 'b'`, "E'x'"],
  backslash: ['\\', '\\\\', '\\101', '\\x41', 'a\\nb', '\\000'],
  'copy-end': ['\\.', 'a\n\\.\nb', '\\.\n'],
  'copy-null': ['\\N', 'a\\Nb'],
  tab: ['\t', 'a\tb'],
  cr: ['\r', 'a\rb', '\r\n', '\n\r'],
  lf: ['\n', 'a\nb', '\n\n'],
  blanks: [' leading', 'trailing ', '   ', ' \t '],
  control: ['\u0001', '\u0007', '\b', '\v', '\f', '\u001a', '\u001b[31m', '\u007f'],
  'dollar-quote': ['$$', '$a$b$a$', '$worm$', '$1'],
  comment: ['-- x', '/*', '*/', '/* /* */', '--\n;'],
  'psql-command': ['\\! false', '\\unrestrict x', '\\restrict x', '\\q', '\\connect nowhere'],
  'psql-variable': [':foo', ":'foo'", ':"foo"', ':{?foo}', '%s %n {}'],
  injection: ["'); DROP TABLE audit_events; --", 'COPY x FROM stdin;'],
  latin1: ['é', 'ß', 'ÿ', '\u00a0', 'ñandú', '×÷'],
  nel: ['\u0085', '\u0080', 'a\u0085b'],
  astral: ['😀', '𝒳', '\u{10ffff}', '👩‍👩‍👧', '🇩🇪'],
  combining: ['e\u0301', 'A\u030a', 'u\u0308', `Z${'\u0351'.repeat(20)}`, '\u11a7', 'ı\u0307'],
  'right-to-left': ['שלום', 'مرحبا', '\u202egnp.exe\u202c'],
  bom: ['\ufeff', '\ufefftext', 'a\ufeffb'],
  noncharacter: ['\ufffd', '\ufffe', '\uffff', '\ufdd0'],
  'line-separator': ['\u2028', '\u2029'],
  beyond: ['ž', '€', '漢字', 'Ω', 'ẞ', 'İ'],
} as const satisfies Record<string, readonly string[]>;

export type TextClass = keyof typeof TEXT_FRAGMENTS;

function isTextClass(name: string): name is TextClass {
  return name in TEXT_FRAGMENTS;
}

const TEXT_CLASSES = Object.keys(TEXT_FRAGMENTS).filter(isTextClass);

const NEEDS_LATIN1 = new Set<TextClass>(['latin1', 'nel']);
const NEEDS_UNICODE = new Set<TextClass>([
  'astral',
  'combining',
  'right-to-left',
  'bom',
  'noncharacter',
  'line-separator',
  'beyond',
]);

/** The classes of text that a repertoire can hold. */
export function textClasses(repertoire: Repertoire): TextClass[] {
  return TEXT_CLASSES.filter(
    (name) =>
      (repertoire === 'unicode' || !NEEDS_UNICODE.has(name)) &&
      (repertoire !== 'ascii' || !NEEDS_LATIN1.has(name)),
  );
}

export interface TextSwarm {
  readonly repertoire: Repertoire;
  /** None: nothing but printable ASCII. */
  readonly texts: readonly TextClass[];
}

/**
 * A text of at most `limit` characters (code points, as varchar counts them), without U+0000, which no
 * PostgreSQL text holds, and without halves of surrogate pairs.
 */
export function drawText({ repertoire, texts }: TextSwarm, limit: number): fc.Arbitrary<string> {
  if (texts.length === 0) return PLAIN.map((text) => firstCharacters(text, limit));
  const fragment = fc.constantFrom(...texts.flatMap((name) => [...TEXT_FRAGMENTS[name]]));
  return fc
    .oneof(
      { weight: 2, arbitrary: PLAIN },
      { weight: 5, arbitrary: fragment },
      { weight: 3, arbitrary: fc.array(fc.oneof(fragment, PLAIN), { minLength: 2, maxLength: 6 }).map(join) },
      { weight: 1, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fragment.map((text) => text.repeat(limit)) },
      { weight: 1, arbitrary: ANY[repertoire] },
    )
    .map((text) => firstCharacters(text, limit));
}

const PLAIN = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });

const SURROGATES = 0x800;

/** Any characters at all. fast-check's own strings of them take seconds to prepare a table for shrinking. */
const ANY: Record<Repertoire, fc.Arbitrary<string>> = {
  ascii: drawCodes(0x7f),
  latin1: drawCodes(0xff),
  unicode: fc.oneof(drawCodes(0xffff - SURROGATES), drawCodes(0x10_ffff - SURROGATES)),
};

function drawCodes(max: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 1, max }), { maxLength: 255, size: 'max' })
    .map((codes) => String.fromCodePoint(...codes.map((code) => (code < 0xd800 ? code : code + SURROGATES))));
}

function join(parts: readonly string[]): string {
  return parts.join('');
}

/** The first characters of a text, an astral one never halved. */
function firstCharacters(text: string, most: number): string {
  return text.length <= most ? text : Array.from(text).slice(0, most).join('');
}

/** Text that does not compress, so that a long one is stored out of line: printable ASCII without quote and backslash. */
export function drawDenseText(length: number): fc.Arbitrary<string> {
  // A drawn seed stretched by a linear congruence (Numerical Recipes): drawing 100,000 characters one by one is slow.
  return fc.integer({ min: 0, max: 0x7fff_ffff }).map((seed) => {
    let state = seed;
    const characters = Buffer.alloc(length);
    for (let i = 0; i < length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      characters[i] = DENSE[(state >>> 24) & 63] as number;
    }
    return characters.toString('latin1');
  });
}

const DENSE = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
