import fc from 'fast-check';
import type { Case, Damage } from './case.ts';
import { chance, oneOf } from './chance.ts';

const WITHIN_A_FILE = [
  'bit-flipped',
  'byte-deleted',
  'byte-inserted',
  'blocks-swapped',
  'truncated',
] as const;
const OF_FILES = ['file-missing', 'files-swapped'] as const;
const PERCENT_OF_FILES = 20;
/** Fractions have six digits: every byte of a dump of a megabyte can be meant, and a case stays readable. */
const PARTS = 1_000_000;

/** A damage of the dump of a case. */
export function drawDamage({ dump }: Case): fc.Arbitrary<Damage> {
  const several = dump.format === 'directory' || dump.parts !== undefined;
  return chance(several ? PERCENT_OF_FILES : 0)
    .chain((ofFiles) => oneOf<Damage['kind']>(ofFiles ? OF_FILES : WITHIN_A_FILE))
    .chain((kind) =>
      fc
        .record({
          file: drawFraction(),
          at: drawFraction(),
          bit: fc.nat({ max: 7 }),
          byte: fc.nat({ max: 255 }),
        })
        .chain(({ bit, byte, ...place }) =>
          drawFraction().map((other): Damage => ({
            kind,
            ...place,
            ...(kind === 'bit-flipped' ? { bit } : {}),
            ...(kind === 'byte-inserted' ? { byte } : {}),
            ...(kind === 'blocks-swapped' || kind === 'files-swapped' ? { other } : {}),
          })),
        ),
    );
}

function drawFraction(): fc.Arbitrary<number> {
  return fc.noBias(fc.nat({ max: PARTS - 1 })).map((part) => part / PARTS);
}
