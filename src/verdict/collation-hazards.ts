import type { Case } from '../case/case.ts';
import { silentHazard, type Hazard } from './hazard.ts';

export const COLLATION_HAZARDS: readonly Hazard[] = [
  silentHazard({
    id: 'ties-in-another-order',
    title: 'Events of the same time are ordered by the collation of the database',
    applies: (trial, { ties }, { subject }) =>
      subject.order === 'time' && ties.some(([first, second]) => compareUnder(trial, first, second) > 0),
    verdict: 'drifted',
    seenBy: ['verify-clean'],
    spares: ['row-count', 'chain-head', 'row-bytes', 'chain-recomputed', 'schema', 'worm-enforced'],
    what: 'The verifier walks by (timestamp, id), and id is text: where two events have the same time, the default collation of the database decides which comes first. Under another one the walk meets the second before the first and calls the chain broken.',
    advice: 'Create the target with the collation of the source; in a new schema, order by id COLLATE "C".',
  }),
];

/** Under libc's C and C.UTF-8 the code points decide; ties of ICU are decided by the bytes (varstr_cmp, deterministic collations). */
function compareUnder({ target }: Case, first: string, second: string): number {
  if (target.kind !== 'fresh' || target.provider !== 'icu') return -1;
  const locale = target.locale === undefined || target.locale === 'und' ? 'en-US' : target.locale;
  return (
    new Intl.Collator(locale).compare(first, second) ||
    Buffer.compare(Buffer.from(first), Buffer.from(second))
  );
}
