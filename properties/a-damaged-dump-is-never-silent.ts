import fc from 'fast-check';
import { drawCase, drawDamage, judgeDamage, withWholePlans, type Case, type Property } from '../src/index.ts';

export const aDamagedDumpIsNeverSilent: Property = {
  name: 'a-damaged-dump-is-never-silent',
  promise:
    'A dump of which a bit, a byte, a block, the end or a file is wrong is refused, or seen by a check, or restored to the same bytes.',
  weight: 2,
  quickCases: 6,
  knows: 'the rules of the subject',
  needs: 'throwaway server',
  draw: (world) =>
    fc
      .tuple(drawCase(world, 'envelope').map(withWholePlans), fc.noBias(fc.nat({ max: 3 })))
      .map(([trial, quarter]) => (quarter === 0 ? pastErrors(trial) : trial))
      .chain((trial) => drawDamage(trial).map((damage): Case => ({ ...trial, disturbance: { damage } }))),
  judge: judgeDamage,
};

function pastErrors(trial: Case): Case {
  return { ...trial, restore: { ...trial.restore, go_on_after_errors: true } };
}
