import fc from 'fast-check';
import { chance, oneOf } from './chance.ts';

/**
 * `envelope`: cases that must be faithful. `anything`: the whole space, with what the tools reject and with the
 * combinations that are documented not to preserve the chain.
 */
export type Space = 'envelope' | 'anything';

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
 * Dimensions outside the envelope of which a case has one at most, with their weights: several at once would say what
 * the first of them says.
 */
const EXCLUSIVE = {
  none: 45,
  clash: 5,
  'data-only': 8,
  prepared: 10,
  filters: 12,
  'restore-filters': 5,
  'psql-variables': 7,
  'hazardous-environment': 5,
  'search-path': 5,
  'hazardous-settings': 4,
} as const;

export type PlanFeature = keyof typeof FEATURES | keyof typeof BESIDE | keyof typeof EXCLUSIVE;

/** The features that may appear in one case at all: few in most cases, so that those are simple there and deep elsewhere. */
export type PlanSwarm = ReadonlySet<PlanFeature>;

/** Which features the plans of one case may have; each that is there is then drawn more often than not. */
export function drawPlanSwarm(space: Space): fc.Arbitrary<PlanSwarm> {
  const hazardous = space === 'anything' ? fc.tuple(drawSome(BESIDE, 1), drawOne()) : fc.constant([]);
  return oneOf([0.3, 1, 1, 2])
    .chain((density) => fc.tuple(drawSome(FEATURES, density), hazardous))
    .map((features) => new Set<PlanFeature>(features.flat(2)));
}

function drawSome<F extends PlanFeature>(
  percentages: { readonly [K in F]: number },
  density: number,
): fc.Arbitrary<F[]> {
  const features = Object.keys(percentages) as F[];
  const drawn = features.map((feature) => chance(Math.min(95, percentages[feature] * density)));
  return fc.tuple(...drawn).map((flags) => features.filter((_, index) => flags[index]));
}

function drawOne(): fc.Arbitrary<PlanFeature> {
  const features = Object.keys(EXCLUSIVE) as (keyof typeof EXCLUSIVE)[];
  return oneOf(features.flatMap((feature) => Array.from({ length: EXCLUSIVE[feature] }, () => feature)));
}
