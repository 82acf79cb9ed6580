import type { Acts } from '../snapshot/acts/acts.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { checkAppendContinues, checkTamperSeen } from './act-checks.ts';
import type { Subject } from '../subject/subject.ts';
import { checkVerifyClean } from './chain-checks.ts';
import { checkWormEnforced } from './worm-check.ts';
import { CHECK_IDS, failed, held, leftOut, NOT_RECOMPUTED, type CheckResult } from './check.ts';

/**
 * What a restored database can be asked without its source: what it says of itself against what the harness computes
 * from its rows, and what its subject is known to do. The others are left out, in the order of CHECK_IDS: nothing is compared with
 * itself. Of a subject that does not tell what is hashed, its own verifier is believed, and the head that the next event goes on from.
 */
export function runChecksAlone(
  restored: Snapshot,
  acts: Acts,
  { refuses, recomputes }: Pick<Subject, 'refuses' | 'recomputes'>,
): CheckResult[] {
  const computed = recomputes ? computedSource(restored) : restored;
  const evidence = { source: computed, restored, acts, refuses, exempt: new Set<never>() };
  const asked = [
    checkVerifyClean(evidence),
    checkWalkedAll(restored, computed.row_count),
    recomputes ? checkRecomputedAlone(restored) : leftOut('chain-recomputed', NOT_RECOMPUTED),
    checkAppendContinues(evidence),
    checkWormEnforced(evidence),
    checkTamperSeen(evidence),
  ];
  const byId = new Map(asked.map((check) => [check.id, check]));
  return CHECK_IDS.map((id) => byId.get(id) ?? leftOut(id, 'no snapshot of the source was given'));
}

/** What the source's head and count have to have been, going by the rows alone. */
function computedSource(restored: Snapshot): Snapshot {
  const { recomputed } = restored;
  return {
    ...restored,
    row_count: recomputed?.rows ?? null,
    chain_head_hash: recomputed === null ? null : (recomputed.tail ?? ''),
  };
}

/** The database's verifier walked every row that the harness read, or where it reads none by itself, counted. */
function checkWalkedAll({ verifier_walked: walked }: Snapshot, rows: number | null): CheckResult {
  const id = 'verify-walked';
  if (walked !== null && walked === rows) return held(id, `${walked} rows walked, all there are`);
  return failed(id, 'the verifier did not walk every row', `${rows ?? 'no'} rows`, `${walked} walked`);
}

/** The rows are a chain, and it ends in the head row. */
function checkRecomputedAlone({ recomputed, chain_head_hash: head, errors }: Snapshot): CheckResult {
  const id = 'chain-recomputed';
  if (recomputed === null) {
    const error = errors.find(({ field }) => field === 'recomputed');
    return failed(id, 'the rows could not be read', 'a chain', error?.message ?? 'nothing');
  }
  if (recomputed.fault !== null) return failed(id, 'the rows are no chain', 'a chain', recomputed.fault);
  if ((recomputed.tail ?? '') === head) return held(id, `${recomputed.rows} hashes recomputed, tail = head`);
  const summary =
    'the chain does not end in the head: rows are missing at its end, or the head is another one';
  return failed(id, summary, `head ${head}`, `${recomputed.rows} rows, tail ${recomputed.tail}`);
}
