import type { ExpectedEffect } from '../case/expected-effect.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { describeRefusal } from '../text/refusal.ts';
import { describeVerifierAnswer } from '../text/verifier.ts';
import type { WorkloadEffect } from '../workload/apply-workload.ts';

/**
 * Why nothing can be said about the restore, decided before the dump: the chain does not verify on the source, or
 * the source took another workload than the case means. Undefined where the source is sound.
 */
export function sourceFault(
  source: Snapshot,
  expected: ExpectedEffect,
  effect: WorkloadEffect,
): string | undefined {
  return chainFault(source) ?? unexpectedEffect(expected, effect);
}

/** What is wrong with the chain of a snapshot in itself; undefined where it verifies and is whole. */
export function chainFault(source: Snapshot): string | undefined {
  const [error] = source.errors;
  if (error) return describeRefusal(error);
  const table = source.tables.find(({ unreadable }) => unreadable);
  if (table?.unreadable) {
    return `the rows of ${table.name} cannot be read: ${describeRefusal(table.unreadable)}`;
  }
  const { row_count: rows, verifier_walked: walked, recomputed } = source;
  if (source.first_break_pos !== -1 || walked !== rows) {
    return `the verifier says: ${describeVerifierAnswer({ ...source, walked: walked ?? 0 })}, of ${rows} rows`;
  }
  // Without an error there is no chain where the subject does not tell what is hashed.
  if (recomputed === null || recomputed.tail === source.chain_head_hash) return undefined;
  return recomputed.fault ?? 'the rows do not end in the head';
}

function unexpectedEffect(expected: ExpectedEffect, effect: WorkloadEffect): string | undefined {
  if (!expected.refusalsKnown) return undefined;
  const [wanted, seen] = [expected.refusals, effect.refusals].map(
    (list) => new Set(list.map(describeUntaken)),
  );
  const surprise = [...(seen ?? [])].find((refusal) => !wanted?.has(refusal));
  if (surprise !== undefined) return `the source refused ${surprise}, which was not expected`;
  const missing = [...(wanted ?? [])].find((refusal) => !seen?.has(refusal));
  if (missing !== undefined) return `the source took what it was expected to refuse: ${missing}`;
  if (expected.loaded !== effect.loaded)
    return `${effect.loaded} events were loaded, ${expected.loaded} were expected`;
  if (expected.accepted.length === effect.accepted) return undefined;
  return `${effect.accepted} events were written, ${expected.accepted.length} were expected`;
}

function describeUntaken({
  transaction,
  statement,
  event,
  sqlstate,
}: ExpectedEffect['refusals'][number]): string {
  return `event ${event} of statement ${statement} of transaction ${transaction} with SQLSTATE ${sqlstate}`;
}
