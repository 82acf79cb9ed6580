import type { Case } from '../case/case.ts';
import { connect, type Connection, type ConnectionSettings } from '../postgres/connection.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Subject } from '../subject/subject.ts';
import type { CheckId } from '../verdict/check.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { findingOf, judgeInvalidSource, ownFinding } from './judge-trial.ts';
import type { Lane } from './lane.ts';
import type { Judgement } from './property.ts';
import { readChain, type StoredChain } from './read-chain.ts';

const EXPECTED = 'the first n events of the source, n between the counts at start and end of the dump';

/** A dump of a source to which further sessions append, restored elsewhere. */
export async function judgeGrowingSource(trial: Case, lane: Lane): Promise<Judgement> {
  const { subject } = lane.ground;
  let atStart = 0;
  let grown: StoredChain | undefined;
  const whileDumping = async (source: ConnectionSettings): Promise<AsyncDisposable> => {
    const writers = await startWriters(source, subject, trial.workload.writers ?? 1);
    atStart = (await readChain(source, subject)).hashes.length;
    return {
      [Symbol.asyncDispose]: async () => {
        await writers[Symbol.asyncDispose]();
        grown = await readChain(source, subject);
      },
    };
  };
  const result = await lane.roundTrip(trial, { whileDumping });
  if (result.verdict === 'source-invalid') return judgeInvalidSource(trial, result, lane);
  if (!result.restored || !grown) {
    const finding = findingOf(result, 'a dump of a source that grows is not restored', EXPECTED);
    return { verdict: result.verdict, predicted: EXPECTED, finding };
  }
  return comparePrefix(result, result.restored, { atStart, grown });
}

/** Sessions that append one event after another until they are disposed of; each has appended one when this returns. */
async function startWriters(
  source: ConnectionSettings,
  { concurrent }: Subject,
  count: number,
): Promise<AsyncDisposable> {
  if (!concurrent) throw new Error('how sessions append side by side is not known');
  const stop = new AbortController();
  const write = async (connection: Connection, writer: number): Promise<void> => {
    for (let event = 1; !stop.signal.aborted; event++)
      await appendUnderLock(connection, concurrent, `w${writer}-${event}`);
  };
  const connections = await Promise.all(Array.from({ length: count }, () => connect(source)));
  await Promise.all(
    connections.map((connection, writer) => appendUnderLock(connection, concurrent, `w${writer}-0`)),
  );
  const writing = Promise.all(connections.map(write));
  // A writer's error is told when the writers are stopped, not as an unhandled rejection before.
  writing.catch(() => undefined);
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      try {
        await writing;
      } finally {
        await Promise.all(connections.map((connection) => connection[Symbol.asyncDispose]()));
      }
    },
  };
}

/** The time is taken under the head's lock: the verifier walks by time, and the chain grows in the order of the lock. */
async function appendUnderLock(
  connection: Connection,
  { lock, append }: NonNullable<Subject['concurrent']>,
  id: string,
): Promise<void> {
  await connection.query('BEGIN');
  await connection.query(lock);
  await connection.query(append, [id]);
  await connection.query('COMMIT');
}

function comparePrefix(
  result: TrialResult,
  restored: Snapshot,
  { atStart, grown }: { atStart: number; grown: StoredChain },
): Judgement {
  const { row_count: count, recomputed, first_break_pos: broken, verifier_walked: walked } = restored;
  const n = count ?? -1;
  const expectedHead = n === 0 ? '' : grown.hashes[n - 1];
  const faults: [CheckId, boolean, string][] = [
    [
      'row-count',
      n < atStart || n > grown.hashes.length,
      `n is not between ${atStart} and ${grown.hashes.length}`,
    ],
    ['verify-clean', broken !== -1, 'the verifier does not say clean'],
    ['verify-walked', walked !== n, 'the verifier did not walk every row'],
    ['chain-recomputed', recomputed?.tail !== expectedHead, 'the rows are not the first n of the source'],
    ['chain-head', restored.chain_head_hash !== expectedHead, 'the head is not that of the first n events'],
  ];
  // These compare nothing with the source's rows, which have grown since its snapshot.
  for (const check of result.checks) {
    const asked = (['schema', 'worm-enforced', 'tamper-seen'] as const).some((id) => id === check.id);
    if (asked && check.outcome === 'failed') {
      return { verdict: 'drifted', predicted: EXPECTED, finding: ownFinding(result, check, EXPECTED) };
    }
  }
  const fault = faults.find(([, wrong]) => wrong);
  if (!fault) return { verdict: 'faithful', predicted: EXPECTED };
  const [id, , summary] = fault;
  const check = {
    id,
    outcome: 'failed',
    summary,
    source: `${atStart} events at the start, ${grown.hashes.length} at the end`,
    restored: `${n} events, ${walked} walked, head ${restored.chain_head_hash}`,
  } as const;
  const finding = { ...ownFinding(result, check, EXPECTED), verdict: 'lossy' } as const;
  return { verdict: 'lossy', predicted: EXPECTED, finding };
}
