import fc from 'fast-check';
import { chance, oneOf } from './chance.ts';

/** Dimensions in which a plan can be other than the plainest one, with the percentage that draws them at medium density. */
const FEATURES = {
  compress: 40,
  rows: 35,
  parts: 20,
  'dump-jobs': 35,
  'dump-options': 45,
  'dump-environment': 35,
  script: 30,
  'restore-jobs': 35,
  'single-transaction': 30,
  'transaction-size': 20,
  clean: 25,
  create: 12,
  'by-section': 20,
  'use-list': 25,
  stdin: 20,
  'restore-options': 40,
  'restore-environment': 35,
  fresh: 45,
  collation: 40,
  settings: 40,
} as const;

/** Dimensions outside the envelope that go with one another, with the percentage that draws each at any density. */
const BESIDE = { 'target-encoding': 20, 'other-encoding': 6, 'go-on': 12 } as const;

/**
 * What a recipe gives a case: a part only is dumped or restored, the target has the subject already, schema and data are
 * dumped apart.
 */
const MARKS = ['part', 'prepared', 'schema-and-data'] as const;

export type PlanFeature = keyof typeof FEATURES | keyof typeof BESIDE | (typeof MARKS)[number];

/** The features that may appear in one case at all: few in most cases, so that those are simple there and deep elsewhere. */
export type PlanSwarm = ReadonlySet<PlanFeature>;

/**
 * Which features the plans of one case may have; each that is there is then drawn more often than not.
 * @param beside how often those outside the envelope are among them, 0 for never and 1 for as often as they usually are
 */
export function drawPlanSwarm(beside: number): fc.Arbitrary<PlanSwarm> {
  return oneOf([0.3, 1, 1, 2])
    .chain((density) => fc.tuple(drawSome(FEATURES, density), drawSome(BESIDE, beside)))
    .map((features) => new Set<PlanFeature>(features.flat()));
}

function drawSome<F extends PlanFeature>(
  percentages: { readonly [K in F]: number },
  density: number,
): fc.Arbitrary<F[]> {
  const features = Object.keys(percentages) as F[];
  const drawn = features.map((feature) => chance(Math.min(95, percentages[feature] * density)));
  return fc.tuple(...drawn).map((flags) => features.filter((_, index) => flags[index]));
}
