import type { Acts } from '../snapshot/acts/acts.ts';
import {
  failed,
  held,
  leftOut,
  NOT_ACTED,
  NOT_RECOMPUTED,
  type CheckId,
  type CheckResult,
  type Evidence,
} from './check.ts';

/** One more event chains to the source's head, hashes as the harness computes it, and moves the head. */
export function checkAppendContinues({ source, acts }: Evidence): CheckResult {
  const id = 'append-continues';
  const append = tried(id, acts?.append);
  if ('outcome' in append) return append;
  if (append.error !== undefined)
    return failed(id, 'an event cannot be appended and verified', 'clean', append.error);
  const head = source.chain_head_hash;
  if (append.previous !== undefined && append.previous !== (head === '' ? null : head)) {
    return failed(id, 'the appended event does not follow the source’s head', head, append.previous);
  }
  if (append.recomputes && append.stored !== append.recomputed) {
    return failed(id, 'the appended event’s hash is wrong', append.recomputed, append.stored);
  }
  if (append.head !== append.stored) {
    return failed(id, 'the head did not move to the appended event', append.stored, append.head);
  }
  const walked = append.verifier?.row_count;
  if (append.verifier?.first_break_pos !== -1 || walked !== (source.row_count ?? 0) + 1) {
    return failed(id, 'the verifier does not accept the appended event', 'clean', append.verifier);
  }
  const unknown = append.recomputes ? '' : `; its hash: ${NOT_RECOMPUTED}`;
  return held(id, `the next event chains to the head${unknown}`);
}

/** The verifier names the row in which one bit was changed. */
export function checkTamperSeen({ acts, restored }: Evidence): CheckResult {
  const id = 'tamper-seen';
  const tamper = tried(id, acts?.tamper);
  if ('outcome' in tamper) return tamper;
  if (tamper.error !== undefined)
    return failed(id, 'the verifier fails', `break at row ${tamper.id}`, tamper.error);
  const broken = tamper.verifier?.first_break_id;
  if (broken === tamper.id) return held(id, 'a one-bit change breaks the verifier at its row');
  if (restored.first_break_id !== null) {
    return leftOut(id, `the verifier breaks at row ${restored.first_break_id} already`);
  }
  return failed(
    id,
    'the verifier does not see a one-bit change',
    `break at row ${tamper.id}`,
    tamper.verifier,
  );
}

type Tried<A> = Exclude<A, { untried: string } | undefined>;

function tried<A extends Acts[keyof Acts]>(id: CheckId, act: A | undefined): Tried<A> | CheckResult {
  if (act === undefined) return leftOut(id, NOT_ACTED);
  if ('untried' in act) return leftOut(id, act.untried);
  return act as Tried<A>;
}
