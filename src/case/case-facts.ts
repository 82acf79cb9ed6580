import type { Workload } from './case.ts';
import { expectedEffect } from './expected-effect.ts';
import { oncePerWorkload } from './once-per-workload.ts';
import { repertoireOf, storedTexts } from './repertoire.ts';
import type { BoundedText, LimitedField, SubjectTraits } from './subject-traits.ts';

/** What a prediction needs to know of a workload: computed from it alone, before anything runs. */
export interface CaseFacts {
  /** Rows that are in the table before the dump. */
  readonly rows: number;
  /** Whether the chain verifies on the source. */
  readonly order: 'valid' | 'invalid';
  readonly repertoire: 'ascii' | 'latin1' | 'unicode';
  /** The different characters beyond ASCII of all stored texts, decoded from JSON where need be. */
  readonly characters: readonly string[];
  /** The keys of each JSON object with a key beyond ASCII. */
  readonly keys: readonly (readonly string[])[];
  /** The ids of neighbours in the chain that have the same time. */
  readonly ties: readonly (readonly [string, string])[];
  /** Texts beyond ASCII that may have more bytes, in some encoding, than their column may have characters. */
  readonly bounded: readonly BoundedText[];
}

const MOST_BYTES_OF_A_CHARACTER = 4;

function mayBeTooLong({ text, limit }: BoundedText): boolean {
  return text.length * MOST_BYTES_OF_A_CHARACTER > limit && Buffer.byteLength(text) > text.length;
}

/** The facts of a workload, written to a subject of these traits. */
export const caseFacts = oncePerWorkload(factsOf);

function factsOf(workload: Workload, traits: SubjectTraits): CaseFacts {
  const { accepted, order, ties } = expectedEffect(workload, traits);
  const limits = Object.entries(traits.intake?.limits ?? {}) as [LimitedField, number][];
  const texts = accepted.flatMap(storedTexts);
  return {
    rows: accepted.length,
    order,
    repertoire: repertoireOf(workload, traits),
    characters: [...new Set(texts.flatMap((text) => text.match(/\P{ASCII}/gu) ?? []))],
    keys: accepted.flatMap(({ details }) => (details === null ? [] : keysBeyondAscii(JSON.parse(details)))),
    ties,
    bounded: accepted.flatMap((event) =>
      limits.map(([column, limit]) => ({ text: event[column], limit })).filter(mayBeTooLong),
    ),
  };
}

/** The keys of each object in a JSON value with a key beyond ASCII. */
export function keysBeyondAscii(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  const inner = Object.values(value).flatMap(keysBeyondAscii);
  return keys.some((key) => /\P{ASCII}/u.test(key)) ? [keys, ...inner] : inner;
}
