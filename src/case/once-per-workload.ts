import type { Workload } from './case.ts';
import type { SubjectTraits } from './subject-traits.ts';

/**
 * A function of a workload and a subject's traits that is computed once for each pair of them. Neither is ever
 * changed, and the cases of a family share theirs; what a case means is asked for when it is drawn, predicted, judged
 * and counted.
 */
export function oncePerWorkload<T>(
  compute: (workload: Workload, traits: SubjectTraits) => T,
): (workload: Workload, traits: SubjectTraits) => T {
  const known = new WeakMap<Workload, WeakMap<SubjectTraits, { readonly result: T }>>();
  return (workload, traits) => {
    const ofWorkload = known.get(workload) ?? new WeakMap<SubjectTraits, { readonly result: T }>();
    known.set(workload, ofWorkload);
    const found = ofWorkload.get(traits) ?? { result: compute(workload, traits) };
    ofWorkload.set(traits, found);
    return found.result;
  };
}
