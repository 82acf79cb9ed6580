import type { Case } from '../case/case.ts';
import { expectedEffect } from '../case/expected-effect.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
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
  const { source, fault } = await writeAndRead(trial, database.settings, lane);
  const { judgement, result } = fault === undefined ? compare(source) : invalid(source, fault);
  await lane.ground.hold?.({ source: database.settings, target: database.settings }, result);
  return judgement;
}

async function writeAndRead(trial: Case, settings: ConnectionSettings, { ground: { subject } }: Lane) {
  await using connection = await connect(settings);
  const effect = await applyWorkload(connection, trial.workload, subject.writing);
  const source = await takeSnapshot(connection, { phase: 'source', subject });
  const expected = expectedEffect(trial.workload, subject.traits);
  const fault = expected.order === 'valid' ? sourceFault(source, expected, effect) : undefined;
  return { source, fault };
}

interface Judged {
  readonly judgement: Judgement;
  readonly result: TrialResult;
}

function invalid(source: Snapshot, fault: string): Judged {
  const verdict = 'source-invalid';
  const result: TrialResult = { verdict, checks: [], sourceFault: fault, source, steps: [] };
  return { result, judgement: { verdict, predicted: EXPECTED, finding: findingOf(result, fault, EXPECTED) } };
}

function compare(source: Snapshot): Judged {
  const chain = source.recomputed;
  if (
    chain &&
    chain.fault === null &&
    chain.tail === source.chain_head_hash &&
    chain.rows === source.row_count
  ) {
    const verdict = 'faithful';
    return {
      judgement: { verdict, predicted: EXPECTED },
      result: { verdict, checks: [], source, steps: [] },
    };
  }
  const result: TrialResult = { verdict: 'drifted', checks: [], source, steps: [] };
  const check = {
    id: 'chain-recomputed',
    outcome: 'failed',
    summary: 'the chain that the triggers wrote is not the one that the rows give',
    source: `${source.row_count} rows, head ${source.chain_head_hash}`,
    restored: chain ? `${chain.rows} rows, tail ${chain.tail}: ${chain.fault ?? 'no fault'}` : 'not readable',
  } as const;
  const finding = ownFinding(result, check, EXPECTED);
  return { judgement: { verdict: 'drifted', predicted: EXPECTED, finding }, result };
}
