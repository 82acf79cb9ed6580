import type * as fc from 'fast-check';
import type { Case } from '../case/case.ts';
import type { World } from '../case/world.ts';
import type { ToolRun } from '../postgres/client-tools.ts';
import type { CheckId, CheckResult } from '../verdict/check.ts';
import type { Verdict } from '../verdict/judge.ts';
import type { Drawn } from './draw.ts';
import type { Lane } from './lane.ts';

/** One promise, written once and run by the test suite and by `restoreproof fuzz` alike. */
export interface Property {
  /** The name of its file. */
  readonly name: string;
  /** The promise in a sentence. */
  readonly promise: string;
  /** How often a fuzz run draws it, in proportion to the others; 0: only where it is asked for by name. */
  readonly weight: number;
  /** How many cases the test suite tries. */
  readonly quickCases: number;
  /** What it takes; absent: any server. Where it is not there the property is left out. */
  readonly needs?: 'throwaway server' | 'local server' | 'second server' | undefined;
  /** Whether it asks for a subject whose rules are known, and not just described, or for the first one; absent: any. */
  readonly knows?: 'the rules of the subject' | 'the built-in schema' | undefined;
  /** Several arbitraries take turns: the case of an index is of one of them. */
  draw(world: World): Drawn<Case>;
  /** Another way to bring the dump of a case back: its workload and its dump plan stay as they are. */
  drawAnotherRestore?(world: World, trial: Case): fc.Arbitrary<Case> | undefined;
  /** @throws what keeps the case from being judged */
  judge(trial: Case, lane: Lane): Promise<Judgement>;
}

/** What a property found out about one case. */
export interface Judgement {
  readonly verdict: Verdict;
  /** What the prediction was, in words: `faithful`, `refused (tar-compressed)`, `drifted (hazard …)`. */
  readonly predicted: string;
  /** Absent where everything went as predicted. */
  readonly finding?: Finding | undefined;
  /** What became of the mutant that the case carries. */
  readonly mutant?: { readonly id: string; readonly struck: boolean; readonly killed: boolean } | undefined;
  /** Counted in the summary of the run. */
  readonly tallies?: readonly Tally[] | undefined;
}

/** One case in a table of the summary. */
export interface Tally {
  /** What the table is of. */
  readonly of: string;
  readonly row: string;
  readonly outcome: string;
  /** More words about the outcome: the checks that failed. */
  readonly details: readonly string[];
}

/** A verdict that was not predicted. The only thing that fails a run. */
export interface Finding {
  /** One sentence: what was promised and what was seen. */
  readonly summary: string;
  readonly expected: string;
  readonly verdict: Verdict;
  /** The failed checks, or those of the property's own comparison. */
  readonly failed: readonly CheckId[];
  readonly checks: readonly CheckResult[];
  /** Where a tool refused: the tool and the first error line. */
  readonly stage?: string | undefined;
  readonly errorLine?: string | undefined;
  /** What the commands of a pipeline printed, also where each of them exited 0. */
  readonly printed?: readonly ToolRun[] | undefined;
}
