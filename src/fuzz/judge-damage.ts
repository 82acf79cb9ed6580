import { join } from 'node:path';
import type { Case } from '../case/case.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { findingOf, judgeInvalidSource } from './judge-trial.ts';
import type { Lane } from './lane.ts';
import { differenceOutside, lookFromOutside, type OutsideLook } from './outside-look.ts';
import type { Judgement, Tally } from './property.ts';

const EXPECTED = 'refused, or seen by a check, or the same bytes';

/**
 * A case whose dump is damaged before it is restored. Where the tools exit 0 and every check holds, source and restored
 * database are compared in another way, and any difference is a finding.
 */
export async function judgeDamage(trial: Case, lane: Lane): Promise<Judgement> {
  await using directory = await lane.newDirectory();
  const { tools } = lane.ground.engine;
  let before: OutsideLook | undefined;
  let after: OutsideLook | undefined;
  const result = await lane.roundTrip(trial, {
    thorough: true,
    whileDumping: async (source) => {
      before = await lookFromOutside(source, tools, join(directory.path, 'before'));
      return { [Symbol.asyncDispose]: () => Promise.resolve() };
    },
    inspect: async (restored) => {
      after = await lookFromOutside(restored, tools, join(directory.path, 'after'));
    },
  });
  if (result.verdict === 'source-invalid') return judgeInvalidSource(trial, result, lane);
  const silent =
    result.verdict === 'faithful' && before && after
      ? await differenceOutside(before, after, tools)
      : undefined;
  const judged = { verdict: result.verdict, predicted: EXPECTED, tallies: talliesOf(trial, result, silent) };
  if (silent === undefined) return judged;
  const finding = findingOf(result, `a damaged dump was restored silently: ${silent}`, EXPECTED);
  return { ...judged, finding };
}

/** Who noticed, by the way of the restore and by the damage. */
function talliesOf(
  { dump, restore, disturbance }: Case,
  result: TrialResult,
  silent: string | undefined,
): Tally[] {
  if (!disturbance || !('damage' in disturbance)) return [];
  const past = restore.go_on_after_errors ? ', past errors' : '';
  const way = `${dump.format}, ${restore.tool}${past}`;
  const shown = silent === undefined ? noticed(result) : { outcome: 'seen by nobody', details: [] };
  return [
    { of: 'damaged dumps, by format and tool', row: way, ...shown },
    { of: 'damaged dumps, by damage', row: disturbance.damage.kind, ...shown },
  ];
}

function noticed({ verdict, refusal, checks, struck }: TrialResult): Pick<Tally, 'outcome' | 'details'> {
  if (refusal) return { outcome: 'refused by the tool', details: [] };
  const failed = checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
  if (verdict !== 'faithful') return { outcome: 'seen by checks only', details: failed };
  return { outcome: struck ? 'the same bytes' : 'nothing was damaged', details: [] };
}
