import type { Case } from '../case/case.ts';
import { expectedEffect } from '../case/expected-effect.ts';
import { connect } from '../postgres/connection.ts';
import { takeSnapshot } from '../snapshot/take-snapshot.ts';
import { sourceFault } from '../verdict/source-fault.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { applyWorkload } from '../workload/apply-workload.ts';
import { findingOf, ownFinding } from './judge-trial.ts';
import type { Lane } from './lane.ts';
import type { Judgement } from './property.ts';

const EXPECTED = 'the same hashes and the same head';

/** The chain in the source, recomputed from its rows. Links are followed, so the order of the times is of no account. */
export async function judgeRecomputation(trial: Case, lane: Lane): Promise<Judgement> {
  await using database = await lane.source();
  await using connection = await connect(database.settings);
  const effect = await applyWorkload(connection, trial.workload);
  const source = await takeSnapshot(connection, { phase: 'source', subject: lane.ground.subject });
  const expected = expectedEffect(trial.workload);
  const fault = expected.order === 'valid' ? sourceFault(source, expected, effect) : undefined;
  if (fault !== undefined) {
    const result: TrialResult = {
      verdict: 'source-invalid',
      checks: [],
      sourceFault: fault,
      source,
      steps: [],
    };
    return { verdict: 'source-invalid', predicted: EXPECTED, finding: findingOf(result, fault, EXPECTED) };
  }
  const chain = source.recomputed;
  if (
    chain &&
    chain.fault === null &&
    chain.tail === source.chain_head_hash &&
    chain.rows === source.row_count
  ) {
    return { verdict: 'faithful', predicted: EXPECTED };
  }
  const result: TrialResult = { verdict: 'drifted', checks: [], source, steps: [] };
  const check = {
    id: 'chain-recomputed',
    outcome: 'failed',
    summary: 'the chain that the triggers wrote is not the one that the rows give',
    source: `${source.row_count} rows, head ${source.chain_head_hash}`,
    restored: chain ? `${chain.rows} rows, tail ${chain.tail}: ${chain.fault ?? 'no fault'}` : 'not readable',
  } as const;
  return { verdict: 'drifted', predicted: EXPECTED, finding: ownFinding(result, check, EXPECTED) };
}
