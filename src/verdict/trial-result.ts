import type { ToolRun } from '../postgres/client-tools.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { CheckResult } from './check.ts';
import type { Verdict } from './judge.ts';
import type { Refusal } from './refusal.ts';

/** What one trial showed. */
export interface TrialResult {
  readonly verdict: Verdict;
  /** Empty where the trial did not come as far as the checks. */
  readonly checks: readonly CheckResult[];
  readonly refusal?: Refusal | undefined;
  /** How a tool ended that was interrupted on purpose, before its dump or restore was done again. */
  readonly interrupted?: Refusal | undefined;
  /** Why the source is invalid. */
  readonly sourceFault?: string | undefined;
  readonly source: Snapshot;
  readonly restored?: Snapshot | undefined;
  readonly steps: readonly Step[];
  /** Whether the disturbance of the case changed anything; undefined in an honest case, and where it is not known. */
  readonly struck?: boolean | undefined;
  /** The commands of a pipeline that were run, with what they printed. */
  readonly commands?: readonly ToolRun[] | undefined;
}

/** One stage that is over. */
export interface Step {
  readonly name: StepName;
  readonly milliseconds: number;
}

export type StepName =
  | 'workload'
  | 'source snapshot'
  | 'dump'
  | 'wipe command'
  | 'wipe'
  | 'restore'
  | 'restored snapshot'
  | 'second dump'
  | 'acts';
