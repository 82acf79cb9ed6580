import type fc from 'fast-check';
import type { DumpFormat } from './case.ts';
import type { Change } from './change-case.ts';
import type { PlanFeature } from './draw-plan-swarm.ts';
import type { Repertoire } from './draw-text.ts';
import type { WorkloadSwarm } from './draw-workload-swarm.ts';
import type { Plant } from './plant.ts';

/**
 * How to draw a case in which a hazard applies, all the rest of it at random: what the case has to be drawn with, and
 * what is changed in it afterwards. Now and then the change is one that narrowly misses: a prediction that is too wide
 * shows there. What applies is for the registry of hazards to say, which recipes know by name only.
 */
export interface Recipe {
  readonly hazard: string;
  /** Whether the hazard is there at all in the world; absent: it is. */
  readonly possible?: boolean | undefined;
  readonly workload?:
    | {
        readonly minRows?: number | undefined;
        readonly repertoires?: readonly Repertoire[] | undefined;
        readonly swarm?: Partial<Omit<WorkloadSwarm, 'repertoire' | 'texts'>> | undefined;
      }
    | undefined;
  /** What is put into the workload. */
  readonly plant?: fc.Arbitrary<Plant> | undefined;
  readonly formats?: readonly DumpFormat[] | undefined;
  /** Features that the plans may have whatever the swarm, and such as they may not have. */
  readonly features?: readonly PlanFeature[] | undefined;
  readonly without?: readonly PlanFeature[] | undefined;
  readonly change: fc.Arbitrary<Change>;
}

export const ARCHIVES: readonly DumpFormat[] = ['custom', 'directory', 'tar'];
export const SCRIPT: readonly DumpFormat[] = ['plain'];
