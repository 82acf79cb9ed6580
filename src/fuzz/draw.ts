import { createHash } from 'node:crypto';
import * as fc from 'fast-check';

/**
 * The value that an arbitrary gives for one case of a seed: a function of the seed and the index alone, so that
 * lanes, shards and repetitions draw the same.
 *
 * fast-check biases its values by how many it has drawn; every value here is the first of a seed of its own.
 */
export function drawAt<T>(arbitrary: fc.Arbitrary<T>, seed: number, index: number): T {
  const [value] = fc.sample(arbitrary, { seed: mix(seed, index), numRuns: 1 });
  return value as T;
}

/** 32 well-mixed bits out of a seed and an index. */
export function mix(seed: number, index: number): number {
  return createHash('sha256').update(`restoreproof ${seed} ${index}`).digest().readInt32BE();
}
