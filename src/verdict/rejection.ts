import type { Case } from '../case/case.ts';
import type { World } from '../case/world.ts';

/** A combination that a client tool rejects by itself, whatever the data. */
export interface Rejection {
  readonly id: string;
  /** `restore` is pg_restore or psql, whichever the plan takes. */
  readonly stage: 'dump' | 'restore';
  readonly applies: (trial: Case, world: World) => boolean;
  /** What the first error line matches. */
  readonly says: RegExp;
}
