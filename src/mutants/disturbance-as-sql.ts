import type { Case } from '../case/case.ts';
import { mutantNamed } from './catalogue.ts';

/** What is done on purpose, as SQL for the source after its workload and for the restored database. */
interface DisturbanceAsSql {
  readonly given?: string | undefined;
  readonly restored?: string | undefined;
}

/** Undefined where it takes more than SQL. */
export function disturbanceAsSql({ disturbance }: Case): DisturbanceAsSql | undefined {
  if (disturbance === undefined) return {};
  if ('sql' in disturbance) return { restored: disturbance.sql };
  if (!('mutant' in disturbance)) return undefined;
  const { fault, given } = mutantNamed(disturbance.mutant);
  return fault.at === 'restored' ? { given: given?.join(';\n'), restored: fault.sql } : undefined;
}
