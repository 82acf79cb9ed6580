import type { Case } from '../../case/case.ts';
import { NoVerdictError } from '../../errors.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import { Lane, type LaneGround } from '../lane.ts';
import { tryMutant, type Bench, type MutantTrial } from './try-mutant.ts';

/**
 * Many mutants on one case. The honest trial, whose source has what any of them is given, is the control: it has to
 * be faithful, and its restored database is what is copied.
 *
 * @param each told of every mutant as it was tried
 * @throws NoVerdictError where the honest trial is not faithful, so that nothing could be said of a mutant
 */
export async function tryMutants(
  mutants: readonly Mutant[],
  trial: Case,
  { ground, lanes }: { readonly ground: LaneGround; readonly lanes: number },
  each: (mutant: Mutant, tried: MutantTrial) => void,
): Promise<void> {
  const work = mutants.values();
  const given = [...new Set(mutants.flatMap((mutant) => mutant.given ?? []))];
  const runLane = async (lane: Lane): Promise<void> => {
    await onBench(trial, given, lane, async (bench) => {
      for (const mutant of work) {
        ground.signal?.throwIfAborted();
        each(mutant, await tryMutant(mutant, bench, lane));
      }
    });
  };
  const count = Math.min(lanes, mutants.length);
  await Promise.all(
    Array.from({ length: count }, (_, index) => runLane(new Lane(ground, `selftest ${index + 1}`))),
  );
}

async function onBench(
  trial: Case,
  given: readonly string[],
  lane: Lane,
  work: (bench: Bench) => Promise<void>,
): Promise<void> {
  const control = await lane.roundTrip(trial, {
    secondDump: true,
    // It goes on as long as there are mutants to try.
    trialMilliseconds: undefined,
    prepare: async (source) => {
      for (const sql of given) await source.query(sql);
    },
    hold: async ({ target }, { verdict }, judge) => {
      if (verdict === 'faithful' && judge) await work({ trial, restored: target, judge });
    },
  });
  if (control.verdict === 'faithful') return;
  const failed = control.checks.find(({ outcome }) => outcome === 'failed');
  const why = control.refusal?.firstErrorLine ?? control.sourceFault ?? `${failed?.id}: ${failed?.summary}`;
  throw new NoVerdictError({
    what: 'the trial without a mutant is not faithful, so that mutants prove nothing',
    why: `${control.verdict}: ${why}`,
    next: 'run `restoreproof smoke` and `restoreproof fuzz`; mend what they show first',
  });
}
