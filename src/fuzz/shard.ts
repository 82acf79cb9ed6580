import { UsageError } from '../errors.ts';
import { FAMILY } from './case-at.ts';

/** One of several machines that share a run: it has every `of`-th family of cases, and every `of`-th of the corpus. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

const MOST_SHARDS = 10_000;

/**
 * Reads `3/8`, or `auto/8`: the number that Kubernetes gives to a pod of an Indexed Job, which counts from 0
 * (https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode).
 * @throws UsageError
 */
export function parseShard(text: string, environment: NodeJS.ProcessEnv): Shard {
  const [, first = '', second = ''] = /^(auto|\d+)\/(\d+)$/.exec(text) ?? [];
  const of = Number(second);
  const number = first === 'auto' ? numberOfPod(environment) : Number(first);
  if (number >= 1 && number <= of && of <= MOST_SHARDS) return { number, of };
  throw new UsageError({
    what: `--shard ${text} is no shard`,
    why:
      first === 'auto' && number > of ? `JOB_COMPLETION_INDEX is ${number - 1}, counted from 0` : undefined,
    next: `write it as 3/8, the third of eight, or auto/8 in a pod of an Indexed Job; at most ${MOST_SHARDS}`,
  });
}

function numberOfPod({ JOB_COMPLETION_INDEX: index }: NodeJS.ProcessEnv): number {
  if (index !== undefined && /^\d+$/.test(index)) return Number(index) + 1;
  throw new UsageError({
    what: '--shard auto needs JOB_COMPLETION_INDEX',
    why: index === undefined ? 'it is not set' : `it is ${JSON.stringify(index)}`,
    next: 'run it in a pod of a Kubernetes Job with completionMode: Indexed, or name the shard: --shard 3/8',
  });
}

/**
 * The indices of a run that a shard tries, whole families, which share a dump; those of all shards are all, and none
 * twice.
 */
export function* indicesOf({ number, of }: Shard, most = Infinity): Generator<number> {
  for (let eldest = (number - 1) * FAMILY; eldest < most; eldest += of * FAMILY) {
    for (let index = eldest; index < Math.min(eldest + FAMILY, most); index++) yield index;
  }
}

/** The part of a list that a shard has, such as of the corpus. */
export function partOf<T>({ number, of }: Shard, items: readonly T[]): T[] {
  return items.filter((_, position) => position % of === number - 1);
}
