import { createHash } from 'node:crypto';
import * as fc from 'fast-check';

/** What is drawn from: one arbitrary, or several that take turns. */
export type Drawn<T> = fc.Arbitrary<T> | readonly fc.Arbitrary<T>[];

/**
 * The value that an arbitrary gives for one case of a seed: a function of the seed and the index alone, so that
 * lanes, shards and repetitions draw the same. Several arbitraries take turns by the index; with which of them the
 * seed says, so that short runs of many seeds come to all.
 *
 * fast-check biases its values by how many it has drawn; every value here is the first of a seed of its own.
 *
 * @throws where there is nothing to draw from
 */
export function drawAt<T>(drawn: Drawn<T>, seed: number, index: number): T {
  const turns = 'generate' in drawn ? [drawn] : drawn;
  const arbitrary = turns[(index + (mix(seed, -1) >>> 0)) % turns.length];
  if (!arbitrary) throw new Error('nothing to draw from');
  const [value] = fc.sample(arbitrary, { seed: mix(seed, index), numRuns: 1 });
  return value as T;
}

/** 32 well-mixed bits out of a seed and an index. */
export function mix(seed: number, index: number): number {
  return createHash('sha256').update(`restoreproof ${seed} ${index}`).digest().readInt32BE();
}
