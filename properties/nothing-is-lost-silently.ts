import {
  drawWholeSpace,
  FIRST_FOUR_CHECKS,
  judgeByPrediction,
  ownFinding,
  type Property,
} from '../src/index.ts';

export const nothingIsLostSilently: Property = {
  name: 'nothing-is-lost-silently',
  promise:
    'Over the whole space: where tools exit 0 and the four first checks pass, the rows are equal, or a registered hazard applies that another check reports.',
  weight: 6,
  quickCases: 16,
  knows: 'the rules of the subject',
  draw: drawWholeSpace,
  async judge(trial, lane) {
    const judged = await judgeByPrediction(trial, lane);
    const checks = new Map(judged.result.checks.map((check) => [check.id, check]));
    const rows = checks.get('row-bytes');
    const silent =
      FIRST_FOUR_CHECKS.every((id) => checks.get(id)?.outcome === 'held') && rows?.outcome === 'failed';
    // Asked apart from the verdict: a loss that the four checks pass over needs a hazard that is written down.
    if (silent && !('hazard' in judged.prediction)) {
      return { ...judged, finding: ownFinding(judged.result, rows, 'equal rows, or a registered hazard') };
    }
    return judged;
  },
};
