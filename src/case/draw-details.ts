import * as fc from 'fast-check';
import { sometimes } from './chance.ts';
import { drawDenseText, drawText, type TextSwarm } from './draw-text.ts';

/** What JSON in `details` may be made of, beyond flat objects of plain texts and small integers. */
export const DETAILS_CLASSES = [
  'numbers',
  'keys',
  'escapes',
  'top-level',
  'nested',
  'blanks',
  'deep',
  'long',
  'big',
] as const;
export type DetailsClass = (typeof DETAILS_CLASSES)[number];

export interface DetailsSwarm extends TextSwarm {
  readonly details: readonly DetailsClass[];
}

/** Numbers that a double would change, or whose scale jsonb keeps. */
const NUMBERS = [
  '1',
  '1.0',
  '1.00',
  '0.10',
  '1e3',
  '1E+3',
  '1e-3',
  '1e0',
  '-0',
  '-0.0',
  '0e5',
  '9007199254740993',
  '90071992547409933',
  '-9223372036854775809',
  '0.1000000000000000055511151231257827',
  '12345678901234567890.123456789012345678901234567890',
  '1e400',
  '1.5e-300',
];
/** As many digits as `numeric` holds: 131,072 before the point, 16,383 behind it. Texts that large are drawn rarely. */
const WIDEST_NUMBERS = ['1e131071', '-1e131071', '1e-16383'];

const ESCAPES = {
  ascii: ['"\\b\\f\\n\\r\\t"', '"\\/"', '"\\u001f"', '"\\u007f"', '"\\\\\\""', '"\\\\u0000"', '"\\u0041"'],
  latin1: ['"\\u00e9"', '"\\u0085"'],
  unicode: ['"\\ud83d\\ude00"', '"\\uffff"', '"\\u2028"', '"\\ufeff"'],
};

/** JSON text of the details of an event, or null for SQL NULL. Written by hand: JSON.stringify has no duplicate keys, no scale. */
export function drawDetails(swarm: DetailsSwarm): fc.Arbitrary<string | null> {
  const has = (name: DetailsClass): boolean => swarm.details.includes(name);
  const choices: fc.WeightedArbitrary<string | null>[] = [
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.constant('{}') },
    { weight: 12, arbitrary: drawObject(swarm) },
  ];
  if (has('top-level')) {
    const fixed = fc.constantFrom('null', 'true', 'false', '[]', '""', '[[]]', '[null]');
    choices.push({ weight: 5, arbitrary: fc.oneof(fixed, drawScalar(swarm), drawArray(drawScalar(swarm))) });
  }
  if (has('deep')) choices.push({ weight: 2, arbitrary: drawDeep() });
  if (has('long')) choices.push({ weight: 4, arbitrary: drawLong(swarm) });
  // A big value makes its whole dump and restore slow.
  if (has('big')) choices.push({ weight: 1, arbitrary: drawBig() });
  return fc.oneof(...choices);
}

function drawObject(swarm: DetailsSwarm): fc.Arbitrary<string> {
  const { value } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
    value: swarm.details.includes('nested')
      ? fc.oneof({ maxDepth: 4 }, drawScalar(swarm), tie('object'), tie('array'))
      : drawScalar(swarm),
    object: objectOf(swarm, tie('value')),
    array: drawArray(tie('value')),
  }));
  return objectOf(swarm, value);
}

function objectOf(swarm: DetailsSwarm, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const blank = swarm.details.includes('blanks')
    ? fc.constantFrom('', ' ', '\n', ' \t\r\n ')
    : fc.constant('');
  const member = fc.tuple(drawKey(swarm), value);
  const members = swarm.details.includes('keys')
    ? fc.array(member, { maxLength: 5 })
    : fc.uniqueArray(member, { maxLength: 5, selector: ([key]) => key });
  return fc
    .tuple(members, blank)
    .map(
      ([pairs, gap]) =>
        `{${gap}${pairs.map(([key, one]) => `${key}${gap}:${gap}${one}`).join(`${gap},${gap}`)}${gap}}`,
    );
}

function drawArray(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(value, { maxLength: 4 }).map((values) => `[${values.join(',')}]`);
}

/** jsonb sorts keys by length, then bytes, and keeps the last of equal ones: so from few, of different lengths. */
function drawKey(swarm: DetailsSwarm): fc.Arbitrary<string> {
  if (!swarm.details.includes('keys')) {
    return fc.constantFrom('"sequence"', '"note"', '"serial"', '"issuer"', '"days"', '"reason"');
  }
  const few = fc.constantFrom('"a"', '"b"', '"c"', '"aa"', '"A"', '""', '"\\u0061"', '"aaa"', '"B"');
  return fc.oneof({ weight: 4, arbitrary: few }, { weight: 1, arbitrary: drawText(swarm, 12).map(quote) });
}

function drawScalar(swarm: DetailsSwarm): fc.Arbitrary<string> {
  const choices: fc.WeightedArbitrary<string>[] = [
    { weight: 3, arbitrary: fc.integer({ min: -1000, max: 1_000_000 }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom('true', 'false', 'null') },
    { weight: 4, arbitrary: drawText(swarm, 60).map(quote) },
  ];
  if (swarm.details.includes('numbers')) {
    choices.push({ weight: 6, arbitrary: fc.oneof(fc.constantFrom(...NUMBERS), drawDecimal()) });
  }
  if (swarm.details.includes('escapes')) {
    const escapes = [
      ...ESCAPES.ascii,
      ...(swarm.repertoire === 'ascii' ? [] : ESCAPES.latin1),
      ...(swarm.repertoire === 'unicode' ? ESCAPES.unicode : []),
    ];
    choices.push({ weight: 6, arbitrary: fc.constantFrom(...escapes) });
  }
  return fc.oneof(...choices);
}

/** Up to 30 digits before the point and behind it. */
function drawDecimal(): fc.Arbitrary<string> {
  const digits = fc.bigInt({ min: 0n, max: 10n ** 30n - 1n }).map(String);
  const fraction = sometimes(50, fc.tuple(fc.nat({ max: 5 }), digits));
  const power = sometimes(50, fc.integer({ min: -40, max: 40 }));
  return fc
    .tuple(fc.constantFrom('', '-'), digits, fraction, power)
    .map(([sign, whole, behind, exponent]) => {
      const point = behind === undefined ? '' : `.${'0'.repeat(behind[0])}${behind[1]}`;
      return `${sign}${whole}${point}${exponent === undefined ? '' : `e${exponent}`}`;
    });
}

/** As deep as any client writes. The server's limit is its stack: some 6,500 levels under the default of 2 MB. */
function drawDeep(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(10, 100, 1000), fc.constantFrom<[string, string]>(['[', ']'], ['{"a":', '}']))
    .map(([depth, [open, close]]) => `${open.repeat(depth)}1${close.repeat(depth)}`);
}

/** Past 2 kB a row is compressed, and what does not compress is stored out of line, in chunks of 1,996 bytes. */
function drawLong(swarm: DetailsSwarm): fc.Arbitrary<string> {
  const dense = fc.constantFrom(1996, 2032, 4000, 10_000).chain(drawDenseText);
  const repeated = fc
    .tuple(drawText(swarm, 20), fc.constantFrom(300, 1000))
    .map(([text, times]) => text.repeat(times));
  return fc.oneof(dense, repeated).map((text) => `{"note":${quote(text)}}`);
}

function drawBig(): fc.Arbitrary<string> {
  return fc.oneof(
    drawDenseText(100_000).map((text) => `{"note":${quote(text)}}`),
    fc.constant(BACKSLASHES),
    fc.constant(MANY_NUMBERS),
    fc.constantFrom(...WIDEST_NUMBERS).map((number) => `{"number":${number}}`),
  );
}

/** Of the greatest expansion: each of them is two in JSON, and four in COPY. */
const BACKSLASHES = `{"note":${quote('\\'.repeat(100_000))}}`;
const MANY_NUMBERS = `[${Array.from({ length: 20_000 }, (_, index) => index).join(',')}]`;

function quote(text: string): string {
  return JSON.stringify(text);
}
