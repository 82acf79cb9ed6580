import type { Case, Workload } from '../case/case.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { applyWorkload } from '../workload/apply-workload.ts';
import { findingOf, judgeInvalidSource, ownFinding } from './judge-trial.ts';
import type { Lane } from './lane.ts';
import type { Judgement } from './property.ts';
import { readChain, type StoredChain } from './read-chain.ts';

const EXPECTED = 'faithful, and then the same chain';

/**
 * The first half of the transactions before the dump, the second half after the restore: the chain has to be the
 * one that all of them give without a dump in between.
 */
export async function judgeContinuation(trial: Case, lane: Lane): Promise<Judgement> {
  const { transactions } = trial.workload;
  const half = Math.ceil(transactions.length / 2);
  const before: Workload = { ...trial.workload, transactions: transactions.slice(0, half) };
  const after: Workload = { ...trial.workload, transactions: transactions.slice(half) };

  let continued: StoredChain | undefined;
  const inspect = async (restored: ConnectionSettings): Promise<void> => {
    await write(restored, after, lane);
    continued = await readChain(restored, lane.ground.subject);
  };
  const result = await lane.roundTrip({ ...trial, workload: before }, { inspect });
  if (result.verdict === 'source-invalid')
    return judgeInvalidSource({ ...trial, workload: before }, result, lane);
  if (result.verdict !== 'faithful' || continued === undefined) {
    const finding = findingOf(result, 'the restore is not faithful to begin with', EXPECTED);
    return { verdict: result.verdict, predicted: EXPECTED, finding };
  }
  return compare(result, await uninterrupted(trial.workload, lane), continued);
}

async function uninterrupted(workload: Workload, lane: Lane): Promise<StoredChain> {
  await using database = await lane.source();
  await write(database.settings, workload, lane);
  return await readChain(database.settings, lane.ground.subject);
}

async function write(settings: ConnectionSettings, workload: Workload, { ground }: Lane): Promise<void> {
  await using connection = await connect(settings);
  await applyWorkload(connection, workload, ground.subject.writing);
}

function compare(result: TrialResult, expected: StoredChain, continued: StoredChain): Judgement {
  const { hashes } = expected;
  const position = hashes.findIndex((hash, index) => hash !== continued.hashes[index]);
  const same =
    position === -1 && continued.hashes.length === hashes.length && continued.head === expected.head;
  if (same) return { verdict: 'faithful', predicted: EXPECTED };
  const at = position === -1 ? hashes.length : position;
  const check = {
    id: 'append-continues',
    outcome: 'failed',
    summary: `the chain that goes on after the restore is another one from event ${at + 1}`,
    source: `${hashes.length} events, head ${expected.head}`,
    restored: `${continued.hashes.length} events, head ${continued.head}`,
  } as const;
  return { verdict: 'drifted', predicted: EXPECTED, finding: ownFinding(result, check, EXPECTED) };
}
