import type { Case } from '../case/case.ts';
import { UsageError } from '../errors.ts';
import { mutantNamed } from '../mutants/catalogue.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { findingOf } from './judge-trial.ts';
import type { Lane } from './lane.ts';
import type { Judgement } from './property.ts';
import { killersOf } from './selftest/try-mutant.ts';

const EXPECTED = 'the mutant is killed';

/**
 * A case with a mutant in it, which a check or a tool has to report. One that did not strike has to leave the trial
 * faithful, or what the source was given for it is not.
 */
export async function judgeMutant(trial: Case, lane: Lane): Promise<Judgement> {
  const { disturbance } = trial;
  if (!disturbance || !('mutant' in disturbance)) throw usage('the case has no mutant');
  if (lane.ground.subject !== auditChain) throw usage('mutants are for the built-in schema');
  const { id, what } = mutantNamed(disturbance.mutant);
  const result = await lane.roundTrip(trial, { secondDump: true });
  const { verdict, struck = false } = result;
  const killed = killersOf(result).length > 0;
  const predicted = struck ? EXPECTED : 'faithful, for the mutant changed nothing';
  const judged = { verdict, predicted, mutant: { id, struck, killed } };
  if (struck === killed) return judged;
  const summary = struck
    ? `the checks did not see the mutant ${id}: ${what}`
    : `the trial is not faithful, and the mutant ${id} changed nothing`;
  // The mutant takes the place of a stage, so that each survivor is a finding of its own.
  return { ...judged, finding: { ...findingOf(result, summary, predicted), stage: `mutant-${id}` } };
}

function usage(why: string): UsageError {
  return new UsageError({
    what: 'the property every-mutant-is-killed cannot be tried',
    why,
    next: 'name a case with a mutant, and leave --subject and --migrations out',
  });
}
