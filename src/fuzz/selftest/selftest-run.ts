import type { Case } from '../../case/case.ts';
import { variedCase } from '../../case/varied-case.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import { drawFaithfulCase } from '../draw-mutant-case.ts';
import { drawAt } from '../draw.ts';
import type { LaneGround } from '../lane.ts';
import { fitting } from './fits.ts';
import type { MutantReport, SelftestResult } from './selftest-result.ts';
import type { MutantTrial } from './try-mutant.ts';
import { tryMutants } from './try-mutants.ts';

export interface SelftestPlan {
  readonly mutants: readonly Mutant[];
  readonly seed: number;
  /** Drawn cases after the fixed one, at most; fewer where every mutant struck before. */
  readonly cases: number;
  readonly lanes: number;
}

/** Told of a self-test as it goes. */
export interface SelftestObserver {
  /** @param what `the fixed case`, or which drawn one */
  onCase?(what: string, mutants: number): void;
  onMutant?(): void;
}

/**
 * Tries each mutant on the fixed case, and then on drawn ones until it has struck one.
 * @throws NoVerdictError where infrastructure gave way, or an honest trial is not faithful
 */
export async function runSelftest(
  plan: SelftestPlan,
  ground: LaneGround,
  observer: SelftestObserver = {},
): Promise<SelftestResult> {
  const started = performance.now();
  const reports = new Map(plan.mutants.map((mutant) => [mutant, emptyReport(mutant)]));
  const tryAll = async (what: string, trial: Case, each: (report: Draft, tried: MutantTrial) => void) => {
    const pending = [...reports.values()].filter(({ drawn }) => drawn.struckAt === undefined);
    const mutants = fitting(
      pending.map(({ mutant }) => mutant),
      trial,
      ground.world,
    );
    if (mutants.length === 0) return;
    observer.onCase?.(what, mutants.length);
    await tryMutants(mutants, trial, { ground, lanes: plan.lanes }, (mutant, tried) => {
      const report = reports.get(mutant);
      if (report) each(report, tried);
      observer.onMutant?.();
    });
  };
  await tryAll('the fixed case', variedCase(), (report, tried) => {
    report.fixed = tried;
  });
  for (const [index, trial] of drawnCases(plan, ground)) {
    await tryAll(`case ${index}`, trial, ({ drawn }, { struck, killedBy }) => {
      drawn.tried++;
      if (struck) Object.assign(drawn, { struckAt: index, killedBy });
    });
  }
  return { reports: [...reports.values()], ...plan, milliseconds: performance.now() - started };
}

/** Cases within the envelope that a faithful verdict is predicted for, by their index under the seed. */
function* drawnCases({ seed, cases }: SelftestPlan, { world }: LaneGround): Generator<[number, Case]> {
  const arbitrary = drawFaithfulCase(world);
  for (let index = 0; index < cases; index++) yield [index, drawAt(arbitrary, seed, index)];
}

interface Draft extends MutantReport {
  fixed: MutantTrial | undefined;
  readonly drawn: { tried: number; struckAt?: number | undefined; killedBy: MutantTrial['killedBy'] };
}

function emptyReport(mutant: Mutant): Draft {
  return { mutant, fixed: undefined, drawn: { tried: 0, killedBy: [] } };
}
