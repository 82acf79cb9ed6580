import type { Case } from '../../case/case.ts';
import { FaultAtWork } from '../../mutants/fault-at-work.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import { connect, type ConnectionSettings } from '../../postgres/connection.ts';
import type { JudgeAnother } from '../../trial-place.ts';
import type { CheckId } from '../../verdict/check.ts';
import type { TrialResult } from '../../verdict/trial-result.ts';
import type { Lane } from '../lane.ts';

/** What reported a mutant: a check, the tool that refused, or the look at the source before the dump. */
export type Killer = CheckId | 'tool' | 'source';

/** One mutant on one case. */
export interface MutantTrial {
  /** Whether it changed anything, established apart from the checks. */
  readonly struck: boolean;
  readonly killedBy: readonly Killer[];
}

/** An honest trial that is over, whose restored database is still there to be copied. */
export interface Bench {
  readonly trial: Case;
  readonly restored: ConnectionSettings;
  readonly judge: JudgeAnother;
}

/**
 * Puts a mutant into a trial. What is done to the restored database is done to a copy of the bench's, which is then
 * judged as if it were the restored one; any other fault takes a trial of its own.
 *
 * @throws NoVerdictError and connection errors, where infrastructure gave way
 */
export async function tryMutant(mutant: Mutant, bench: Bench, lane: Lane): Promise<MutantTrial> {
  const trial: Case = { ...bench.trial, disturbance: { mutant: mutant.id } };
  if (mutant.fault.at !== 'restored') {
    const result = await lane.roundTrip(trial, { secondDump: true });
    return { struck: result.struck ?? false, killedBy: killersOf(result) };
  }
  const { target } = trial;
  await using copy = await lane.ground.run.create({
    label: `mutant ${mutant.id}`,
    template: bench.restored.database,
    settings: target.kind === 'fresh' ? target.settings : undefined,
  });
  const fault = await FaultAtWork.of(trial);
  await fault.spoilRestored(() => connect(copy.settings));
  const judged = await bench.judge(copy.settings);
  return { struck: fault.struck ?? false, killedBy: killersOf(judged) };
}

/** Nobody, where the trial was faithful. */
export function killersOf({ verdict, checks }: Pick<TrialResult, 'verdict' | 'checks'>): Killer[] {
  if (verdict === 'refused') return ['tool'];
  if (verdict === 'source-invalid') return ['source'];
  return checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
}
