import type fc from 'fast-check';
import type { Case, Upgrade } from './case.ts';
import { oneOf } from './chance.ts';
import { drawCase, type Space } from './draw-case.ts';
import { elsewhere } from './upgrade-case.ts';
import type { World } from './world.ts';
import { dumpSide, restoreSide } from '../text/sides.ts';

type Tools = Pick<Upgrade, 'dump_by' | 'restore_by'>;

/** As the manual advises (\"Upgrading a PostgreSQL Cluster\"): by the tools of the server to come. */
const ADVISED: Tools = { dump_by: 'to', restore_by: 'to' };
const TOOLS: readonly Tools[] = [
  ...Array.from({ length: 6 }, () => ADVISED),
  { dump_by: 'from', restore_by: 'to' },
  { dump_by: 'from', restore_by: 'to' },
  { dump_by: 'from', restore_by: 'from' },
  { dump_by: 'to', restore_by: 'from' },
];

/**
 * A case between the two servers of a world: its dump as one side's tools take it, its restore as the other's do.
 * Where the world has one server only, it stands for both.
 */
export function drawUpgrade(world: World, space: Space): fc.Arbitrary<Case> {
  const { other = world } = world;
  return oneOf(TOOLS).chain((tools) => {
    const upgrade = { from: world.server.major, to: other.server.major, ...tools };
    const restoring = restoreSide({ upgrade }, world);
    return drawCase({ ...dumpSide({ upgrade }, world), restoring }, space).map((trial) =>
      elsewhere(trial, upgrade),
    );
  });
}
