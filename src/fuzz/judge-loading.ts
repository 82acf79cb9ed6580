import type { AuditEvent, Case } from '../case/case.ts';
import { expectedEffect } from '../case/expected-effect.ts';
import { connect, type Connection } from '../postgres/connection.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { takeSnapshot } from '../snapshot/take-snapshot.ts';
import { loadChain } from '../subject/load-chain.ts';
import type { CheckId } from '../verdict/check.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { applyWorkload } from '../workload/apply-workload.ts';
import { ownFinding } from './judge-trial.ts';
import type { Lane } from './lane.ts';
import type { Judgement } from './property.ts';

const EXPECTED = 'the same rows, head and answer of the verifier';

/** The workload's events through the triggers, and in another database loaded past them with their chain computed here. */
export async function judgeLoading(trial: Case, lane: Lane): Promise<Judgement> {
  const { subject } = lane.ground;
  const written = await inSource(lane, async (connection) => {
    await applyWorkload(connection, trial.workload, subject.writing);
    const { accepted } = expectedEffect(trial.workload, subject.traits);
    const details = await storedDetails(connection, lane);
    const events = accepted.map((event) => ({ ...event, details: details.get(event.id) ?? null }));
    return { events, snapshot: await takeSnapshot(connection, { phase: 'triggers', subject }) };
  });
  const loaded = await inSource(lane, async (connection) => {
    await loadChain(connection, subject, written.events);
    return await takeSnapshot(connection, { phase: 'loaded', subject });
  });
  return compare(written.snapshot, loaded, written.events, subject.traits.tables.events);
}

async function inSource<T>(lane: Lane, work: (connection: Connection) => Promise<T>): Promise<T> {
  await using database = await lane.source();
  await using connection = await connect(database.settings);
  return await work(connection);
}

/** As jsonb prints them: a case gives them as somebody might write them. */
async function storedDetails(connection: Connection, { ground }: Lane): Promise<Map<string, string | null>> {
  const { writing } = ground.subject;
  if ('texts' in writing) throw new Error('the columns of an event are not known');
  const { table, columns } = writing;
  const { rows } = await connection.query<[string, string | null]>({
    text: `SELECT ${columns.id}, ${columns.details}::text FROM ${table}`,
    rowMode: 'array',
  });
  return new Map(rows);
}

function compare(
  written: Snapshot,
  loaded: Snapshot,
  events: readonly AuditEvent[],
  table: string,
): Judgement {
  const rowsOf = ({ tables }: Snapshot): string | undefined =>
    tables.find(({ name }) => name.endsWith(`.${table}`))?.digest ?? undefined;
  const answerOf = ({ first_break_id: id, first_break_pos: at, verifier_walked: walked }: Snapshot): string =>
    JSON.stringify({ id, at, walked });
  const seen: readonly [CheckId, (snapshot: Snapshot) => string | null | undefined][] = [
    ['row-count', ({ row_count: count }) => String(count)],
    ['row-bytes', rowsOf],
    ['chain-head', ({ chain_head_hash: head }) => head],
    ['verify-clean', answerOf],
  ];
  const different = seen.find(([, of]) => of(written) === undefined || of(written) !== of(loaded));
  if (!different && written.row_count === events.length) return { verdict: 'faithful', predicted: EXPECTED };
  const [id, of] = different ?? ['row-count', () => `${events.length} events`];
  const check = {
    id,
    outcome: 'failed',
    summary: 'events loaded with their chain are not those that the triggers chained',
    source: of(written) ?? 'nothing',
    restored: of(loaded) ?? 'nothing',
  } as const;
  const result: TrialResult = {
    verdict: 'drifted',
    checks: [],
    source: written,
    restored: loaded,
    steps: [],
  };
  return { verdict: 'drifted', predicted: EXPECTED, finding: ownFinding(result, check, EXPECTED) };
}
