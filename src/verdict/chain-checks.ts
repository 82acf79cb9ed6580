import type { Snapshot, SnapshotError } from '../snapshot/snapshot.ts';
import { describeRefusal } from '../text/refusal.ts';
import { describeVerifierAnswer } from '../text/verifier.ts';
import { failed, held, leftOut, NOT_RECOMPUTED, type CheckResult, type Evidence } from './check.ts';

/** As many rows as before the dump. */
export function checkRowCount({ source, restored }: Evidence): CheckResult {
  const same = source.row_count !== null && source.row_count === restored.row_count;
  if (same) return held('row-count', `${source.row_count} rows`);
  return failed(
    'row-count',
    'the number of rows differs',
    seen(source, 'row_count'),
    seen(restored, 'row_count'),
  );
}

/** The head row's hash, byte for byte. */
export function checkChainHead({ source, restored }: Evidence): CheckResult {
  const same = source.chain_head_hash !== null && source.chain_head_hash === restored.chain_head_hash;
  if (same) return held('chain-head', describeHead(source.chain_head_hash));
  return failed(
    'chain-head',
    'the chain head differs',
    seen(source, 'chain_head_hash'),
    seen(restored, 'chain_head_hash'),
  );
}

/** The database's own verifier finds no break. */
export function checkVerifyClean({ restored }: Evidence): CheckResult {
  const clean =
    restored.first_break_id === null && restored.first_break_pos === -1 && restored.verifier_walked !== null;
  if (clean) return held('verify-clean', 'no break');
  return failed('verify-clean', 'the verifier does not say clean', 'clean', describeVerifier(restored));
}

/** The verifier walked as many rows as were there before the dump: an empty table verifies clean, too. */
export function checkVerifyWalked({ source, restored }: Evidence): CheckResult {
  const same = source.row_count !== null && restored.verifier_walked === source.row_count;
  if (same) return held('verify-walked', `${source.row_count} rows walked`);
  return failed(
    'verify-walked',
    'the verifier did not walk every row of the source',
    `${seen(source, 'row_count')} rows`,
    restored.verifier_walked === null
      ? seen(restored, 'verifier_walked')
      : `${restored.verifier_walked} walked`,
  );
}

/**
 * The chain recomputed by the harness from the restored rows ends in the restored head and in the source's.
 */
export function checkChainRecomputed({ source, restored }: Evidence): CheckResult {
  const chain = restored.recomputed;
  const unknown = source.recomputed === null && !source.errors.some(({ field }) => field === 'recomputed');
  if (unknown) return leftOut('chain-recomputed', NOT_RECOMPUTED);
  const expected = source.chain_head_hash;
  if (chain === null) {
    return failed('chain-recomputed', 'the rows could not be read', expected, seen(restored, 'recomputed'));
  }
  if (chain.fault !== null) return failed('chain-recomputed', 'the rows are no chain', expected, chain.fault);
  const ends = chain.tail === expected && chain.tail === restored.chain_head_hash;
  if (ends && chain.rows === source.row_count) {
    return held('chain-recomputed', `${chain.rows} hashes recomputed, tail = head`);
  }
  return failed(
    'chain-recomputed',
    'the recomputed chain does not end in the head',
    `${seen(source, 'row_count')} rows, head ${expected}`,
    `${chain.rows} rows, tail ${chain.tail}, head ${seen(restored, 'chain_head_hash')}`,
  );
}

function describeVerifier(snapshot: Snapshot): string {
  const { verifier_walked: walked } = snapshot;
  return walked === null
    ? seen(snapshot, 'verifier_walked')
    : describeVerifierAnswer({ ...snapshot, walked });
}

function describeHead(hash: string): string {
  return hash === '' ? 'empty, as before the first event' : hash;
}

const FIELD_OF = {
  row_count: 'row_count',
  chain_head_hash: 'chain_head_hash',
  verifier_walked: 'verifier',
  recomputed: 'recomputed',
} as const satisfies Partial<Record<keyof Snapshot, SnapshotError['field']>>;

/** A snapshot's value, or why there is none. */
function seen(snapshot: Snapshot, field: keyof typeof FIELD_OF): string {
  const value = snapshot[field];
  if (value !== null) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  const error = snapshot.errors.find((candidate) => candidate.field === FIELD_OF[field]);
  return error ? describeRefusal(error) : 'nothing';
}
