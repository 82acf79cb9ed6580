import type { Case } from '../case/case.ts';
import type { CaseFacts } from '../case/case-facts.ts';
import type { SubjectTraits } from '../case/subject-traits.ts';
import type { World } from '../case/world.ts';
import type { CheckId } from './check.ts';

/** The sections of a restore, in their order. */
export const RESTORE_STAGES = ['pre-data', 'data', 'post-data'] as const;
export type RestoreStage = (typeof RESTORE_STAGES)[number];

/** A combination that PostgreSQL takes and that does not preserve the chain. */
export interface Hazard {
  readonly id: string;
  readonly title: string;
  /** Where it shows: while dumping, in a section of the restore, or in what was restored. */
  readonly stage: 'dump' | RestoreStage | 'restored';
  readonly applies: (trial: Case, facts: CaseFacts, world: World) => boolean;
  readonly verdict: 'lossy' | 'drifted' | 'refused' | 'source-invalid';
  /** Whether a tool exits non-zero. */
  readonly loud: boolean;
  /** Of a silent one: checks of which at least one fails. */
  readonly seenBy: readonly CheckId[];
  /** Of a silent one: checks that hold all the same. Asked where no other hazard applies. */
  readonly spares?: readonly CheckId[] | ((subject: SubjectTraits) => readonly CheckId[]) | undefined;
  /** Of a refusal: what the first error line matches. */
  readonly says?: Words | undefined;
  /** Of a refusal: whether the error alone costs no row, where psql is told to go on after errors; absent: it does. */
  readonly costsNothing?: ((trial: Case, facts: CaseFacts, world: World) => boolean) | undefined;
  /** Of a refusal: whether it also ends a psql that is told to go on after errors; absent: it does not. */
  readonly stopsPsql?: boolean | undefined;
  /** Of a refusal: whether it is pg_restore that refuses, also where it only makes a script; absent: psql does there. */
  readonly byPgRestore?: boolean | undefined;
  /** What happens and why. */
  readonly what: string;
  /** What an operator should do. */
  readonly advice: string;
}

type Words = RegExp | ((trial: Case) => RegExp);

/** What the first error line matches, in a case. */
export function wordsOf({ says }: Hazard, trial: Case): RegExp | undefined {
  return typeof says === 'function' ? says(trial) : says;
}

/** The checks that hold all the same, for a subject. */
export function sparedBy({ spares = [] }: Hazard, subject: SubjectTraits): readonly CheckId[] {
  return typeof spares === 'function' ? spares(subject) : spares;
}

type Loud = Omit<Hazard, 'verdict' | 'loud' | 'seenBy' | 'stage'> & { readonly says: Words };
type Silent = Omit<Hazard, 'loud' | 'stage' | 'costsNothing' | 'says'> & {
  readonly verdict: 'lossy' | 'drifted';
};

export function refusedHazard(stage: 'dump' | RestoreStage, parts: Loud): Hazard {
  return { ...parts, stage, verdict: 'refused', loud: true, seenBy: [] };
}

export function silentHazard(parts: Silent): Hazard {
  return { ...parts, stage: 'restored', loud: false };
}
