import type { LaneGround } from '../src/fuzz/lane.ts';
import { withGround } from '../src/fuzz/with-ground.ts';
import { openEngine } from '../src/postgres/open-engine.ts';

/** A measurement on a local server of its own. */
export async function onThrowawayServer<T>(work: (ground: LaneGround) => Promise<T>): Promise<T> {
  await using engine = await openEngine({ engine: 'local', download: false, say: () => undefined });
  return await withGround(engine, {}, work);
}
