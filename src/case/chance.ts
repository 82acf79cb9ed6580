import fc from 'fast-check';

/**
 * True in `percent` of the cases. Without fast-check's bias towards extremes, which would turn a percentage into
 * something else for the first cases of a run.
 */
export function chance(percent: number): fc.Arbitrary<boolean> {
  return fc.noBias(fc.integer({ min: 0, max: 99 })).map((drawn) => drawn < percent);
}

/** Each value as likely as the others. @throws where there is none */
export function oneOf<T>(values: readonly T[]): fc.Arbitrary<T> {
  return fc.noBias(fc.nat({ max: values.length - 1 })).map((index) => {
    if (!(index in values)) throw new Error('nothing to draw from');
    return values[index] as T;
  });
}

/** A value in `percent` of the cases, otherwise nothing. */
export function sometimes<T>(percent: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return chance(percent).chain((drawn) => (drawn ? value : fc.constant(undefined)));
}

/** Up to `most` different ones of the values, in any order. */
export function someOf<T>(values: readonly T[], most: number): fc.Arbitrary<T[]> {
  return fc
    .noBias(
      fc.uniqueArray(fc.nat({ max: values.length - 1 }), {
        minLength: values.length === 0 ? 0 : 1,
        maxLength: Math.min(most, values.length),
      }),
    )
    .map((indices) => indices.map((index) => values[index] as T));
}

/** An object drawn key by key; a key that is drawn as nothing is not there, so that the case survives JSON. */
export function drawObject<T extends object>(keys: {
  [K in keyof T]: fc.Arbitrary<T[K] | undefined>;
}): fc.Arbitrary<Partial<T>> {
  const named = Object.entries<fc.Arbitrary<unknown>>(keys);
  return fc
    .tuple(...named.map(([, value]) => value))
    .map((drawn) => named.map(([name], index) => [name, drawn[index]] as const))
    .map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<T>);
}
