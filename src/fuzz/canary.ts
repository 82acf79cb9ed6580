import { mix } from './draw.ts';

/** One case in as many is a canary. */
const EVERY = 100;

/**
 * Whether the case of an index carries a mutant, which has to be killed: one in every hundred of a seed, wherever the
 * seed puts it, so that shards get their share.
 */
export function isCanary(seed: number, index: number): boolean {
  // Another stream than those of properties and cases.
  const place = (mix(seed, -1 - Math.floor(index / EVERY)) >>> 0) % EVERY;
  return index % EVERY === place;
}

/** A canary that flew. */
export interface Canary {
  readonly index: number;
  readonly mutant: string;
  /** Whether it changed anything; one that did not shows nothing. */
  readonly struck: boolean;
  readonly killed: boolean;
}

/** True where canaries flew and none of them struck: nothing shows that the checks of the run would see anything. */
export function flewInVain(canaries: readonly Pick<Canary, 'struck'>[]): boolean {
  return canaries.length > 0 && !canaries.some(({ struck }) => struck);
}
