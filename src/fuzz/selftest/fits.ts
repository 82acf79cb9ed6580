import { expectedEffect } from '../../case/expected-effect.ts';
import type { Case } from '../../case/case.ts';
import type { World } from '../../case/world.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import { exemptObjects } from '../../verdict/exemptions.ts';

/** Those of the mutants that a case gives something to strike at, decided from the case alone. */
export function fitting(mutants: readonly Mutant[], trial: Case, world: World): Mutant[] {
  const { accepted } = expectedEffect(trial.workload, world.subject);
  const exempt = [...exemptObjects(trial, world.subject)];
  // What the source is given besides the subject is not in a target that was prepared.
  const prepared = trial.target.kind === 'fresh' && trial.target.prepared === true;
  return mutants.filter(({ given, needs = {} }) => {
    const { rows = 0, events, kept = [], superuser = false, plan } = needs;
    return (
      !(given && prepared) &&
      accepted.length >= rows &&
      (events?.(accepted) ?? true) &&
      !kept.some((kind) => exempt.some((object) => object === kind || object.startsWith(`${kind} `))) &&
      (world.superuser || !superuser) &&
      (plan?.(trial) ?? true)
    );
  });
}
