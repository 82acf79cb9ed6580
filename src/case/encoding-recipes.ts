import fc from 'fast-check';
import { oneOf } from './chance.ts';
import { inTurn, type Change } from './change-case.ts';
import { drawDumpEncoding, drawEncodedTarget } from './draw-encoding.ts';
import { plantDetails, plantText, type Plant } from './plant.ts';
import type { Recipe } from './recipe.ts';
import type { World } from './world.ts';

/** Encodings of one byte a character that hold most of Latin-1; a dump can be asked for in each, and a database have it. */
const LATIN = ['LATIN1', 'LATIN9', 'WIN1252'] as const;

const LATIN_TEXTS = ['é', 'ß', 'ñandú', 'Ærø', '±½'];
/** Text that none of the encodings other than UTF8 holds. */
const ASTRAL_TEXTS = ['😀', '𝒳 = 1', '👩‍👩‍👧'];

const texts = (some: readonly string[]): fc.Arbitrary<Plant> =>
  fc.tuple(oneOf(some), fc.nat()).map(([text, drawn]) => plantText(text, drawn));
const details = (some: readonly string[]): fc.Arbitrary<Plant> =>
  fc.tuple(oneOf(some), fc.nat()).map(([json, drawn]) => plantDetails(json, drawn));

const both = (dumped: readonly string[], target: readonly string[]): fc.Arbitrary<Change> =>
  fc.tuple(drawDumpEncoding(dumped), drawEncodedTarget(target)).map((changes) => inTurn(...changes));

/** At least one row, and no text beyond what is planted, or only such as Latin-1 has. */
const ASCII = { minRows: 1, repertoires: ['ascii'] } as const;
const LATIN1 = { minRows: 1, repertoires: ['ascii', 'latin1'] } as const;
const ANY = { minRows: 1 };

/** The encodings of dump and target are the recipe's alone. */
const dumped = { without: ['other-encoding', 'target-encoding'] } as const;
const restored = { without: ['other-encoding', 'target-encoding', 'create'] } as const;

export function encodingRecipes(world: World): Recipe[] {
  return [...refused, ...counted(world), ...otherText, ...hashed(world)];
}

/** Text that cannot be converted. */
const refused: readonly Recipe[] = [
  {
    hazard: 'dump-encoding-without-equivalent',
    workload: ANY,
    plant: texts(ASTRAL_TEXTS),
    ...dumped,
    change: drawDumpEncoding([...LATIN, 'EUC_JP', 'SJIS']),
  },
  {
    hazard: 'no-conversion-between-encodings',
    workload: { repertoires: ['ascii'] },
    ...restored,
    change: oneOf([
      ['LATIN1', 'WIN1252'],
      ['LATIN9', 'EUC_JP'],
      ['SJIS', 'KOI8R'],
      ['WIN1252', 'LATIN9'],
      // These two convert into each other.
      ['SJIS', 'EUC_JP'],
    ] as const).chain(([from, target]) => both([from], [target])),
  },
  {
    hazard: 'target-encoding-without-equivalent',
    workload: ANY,
    plant: texts([...ASTRAL_TEXTS, '漢字', 'Ω']),
    ...restored,
    change: drawEncodedTarget(LATIN),
  },
];

/** Text that grows. */
const counted = ({ subject }: World): Recipe[] => [
  {
    hazard: 'bytes-counted-as-characters',
    possible: Object.keys(subject.intake?.limits ?? {}).length > 0,
    workload: ANY,
    // Two bytes each, so that 127 of them are few enough.
    plant: texts([127, 128, 200, 255].flatMap((times) => ['é'.repeat(times), 'ž'.repeat(times)])),
    ...restored,
    change: drawEncodedTarget(['SQL_ASCII']),
  },
  {
    hazard: 'bytes-counted-as-characters',
    possible: Object.keys(subject.intake?.limits ?? {}).length > 0,
    workload: LATIN1,
    plant: texts([127, 128, 200, 255].map((times) => 'é'.repeat(times))),
    ...restored,
    change: both(['SQL_ASCII'], LATIN),
  },
];

/** Text that becomes another one. */
const otherText: readonly Recipe[] = [
  {
    hazard: 'dump-encoding-one-way',
    workload: ASCII,
    plant: texts(['¥100', '‾', '5 ¢', '£ and ¬', '‖−〜']),
    ...dumped,
    change: drawDumpEncoding(['SJIS']),
  },
  {
    hazard: 'dump-encoding-one-way',
    workload: ASCII,
    plant: texts(['a¦b']),
    ...dumped,
    change: drawDumpEncoding(['EUC_JP']),
  },
  {
    hazard: 'foreign-bytes-in-sql-ascii',
    workload: LATIN1,
    plant: texts(LATIN_TEXTS),
    ...restored,
    change: both(LATIN, ['SQL_ASCII']),
  },
  {
    hazard: 'sql-ascii-dump-reinterpreted',
    workload: LATIN1,
    plant: texts([...LATIN_TEXTS, 'ž', '漢字']),
    ...restored,
    change: both(['SQL_ASCII'], LATIN),
  },
  {
    hazard: 'json-keys-in-another-order',
    workload: LATIN1,
    // Of the last one the keys are in one order everywhere.
    plant: details([
      '{"bb":1,"é":2}',
      '{"é":1,"z":2,"aa":3}',
      '[{"ñ":{"ÿÿ":1,"abc":2},"xy":3}]',
      '{"é":1,"a":2}',
    ]),
    ...restored,
    change: drawEncodedTarget(LATIN),
  },
];

/** Text that is hashed otherwise. */
const hashed = ({ subject }: World): Recipe[] => [
  {
    hazard: 'hash-over-server-encoding',
    possible: subject.hashes === 'server-encoding',
    workload: ASCII,
    plant: texts(LATIN_TEXTS),
    ...restored,
    change: drawEncodedTarget(LATIN),
  },
  {
    hazard: 'hash-over-server-encoding',
    possible: subject.hashes === 'server-encoding',
    workload: ASCII,
    plant: texts(['漢字', 'Ω']),
    // A dump in SQL_ASCII would bring bytes that are no text there (docs/findings.md).
    without: [...restored.without, 'dump-environment'],
    change: drawEncodedTarget(['EUC_JP']),
  },
  {
    hazard: 'hash-over-server-encoding',
    possible: subject.hashes === 'server-encoding',
    workload: ASCII,
    plant: texts(['Жук', 'Ю']),
    ...restored,
    change: drawEncodedTarget(['KOI8R']),
  },
];
