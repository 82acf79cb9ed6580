import { drawCase, FIRST_FOUR_CHECKS, judgeByPrediction, ownFinding, type Property } from '../src/index.ts';

export const nothingIsLostSilently: Property = {
  name: 'nothing-is-lost-silently',
  promise:
    'Over the whole space: where tools exit 0 and the four first checks pass, the rows are equal, or a registered hazard applies that another check reports.',
  weight: 6,
  quickCases: 16,
  draw: (world) => drawCase(world, 'anything'),
  async judge(trial, lane) {
    const judged = await judgeByPrediction(trial, lane);
    if (judged.finding || judged.result.checks.length === 0) return judged;
    const outcomes = new Map(judged.result.checks.map((check) => [check.id, check]));
    const fourHold = FIRST_FOUR_CHECKS.every((id) => outcomes.get(id)?.outcome === 'held');
    const rows = outcomes.get('row-bytes');
    if (!fourHold || rows?.outcome !== 'failed' || judged.prediction.verdict !== 'faithful') return judged;
    return { ...judged, finding: ownFinding(judged.result, rows, 'equal rows, or a registered hazard') };
  },
};
