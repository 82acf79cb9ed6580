import {
  caseFacts,
  drawHazardous,
  hazardsToDraw,
  judgeByPrediction,
  predict,
  type Case,
  type Property,
  type World,
} from '../src/index.ts';

export const everyHazardIsSeen: Property = {
  name: 'every-hazard-is-seen',
  promise:
    'Where a registered hazard applies, the trial shows what the registry says, and a check or a tool reports it.',
  weight: 2,
  quickCases: 30,
  // The hazards take turns, so that as many cases as there are hazards show each of them.
  draw: (world) =>
    hazardsToDraw(world).map((hazard) => {
      const drawn = drawHazardous(world, hazard);
      // Among the other tables of an installation another hazard may decide each time.
      if (world.subject.installed) return drawn;
      return drawn.filter((trial) => hazardOf(trial, world) === hazard);
    }),
  judge: (trial, lane) => judgeByPrediction(trial, lane),
};

/** The hazard that is predicted to decide. */
function hazardOf(trial: Case, world: World): string | undefined {
  const prediction = predict(trial, caseFacts(trial.workload, world.subject), world);
  return 'hazard' in prediction ? prediction.hazard : undefined;
}
