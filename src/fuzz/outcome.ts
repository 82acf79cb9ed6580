import type { Case } from '../case/case.ts';
import type { Canary } from './canary.ts';
import type { Verdict } from '../verdict/judge.ts';
import type { Step } from '../verdict/trial-result.ts';
import type { Finding, Tally } from './property.ts';
import type { Shrunk } from './shrink/shrink.ts';

/** Where a case came from: its index under the run's seed, a file of the corpus, or a cell of a matrix. */
export type Origin = { readonly index: number } | { readonly corpus: string } | Cell;

/** A case of `matrix`: which way it goes, by which dump format, and its number there; 0 is the fixed cycle. */
export interface Cell {
  readonly way: string;
  readonly format: string;
  readonly number: number;
}

/** One case that was tried. */
export interface Outcome {
  readonly origin: Origin;
  readonly property: string;
  readonly predicted: string;
  readonly verdict: Verdict | 'no-verdict';
  /** When it ended, in milliseconds since the run began. */
  readonly at: number;
  readonly milliseconds: number;
  /** How long each stage of its round trips took, those of shrinking not counted. */
  readonly steps: readonly Step[];
  /** Of the finding, where it is one. */
  readonly signature?: string | undefined;
  /** Classes of values, options and targets that occurred. */
  readonly labels: readonly string[];
  readonly tallies?: readonly Tally[] | undefined;
  /** Where there was no verdict: why. */
  readonly why?: string | undefined;
}

/** A finding, shrunk and written down. */
export interface ReportedFinding {
  readonly signature: string;
  readonly property: string;
  readonly origin: Origin;
  readonly finding: Finding;
  readonly shrunk: Shrunk;
  readonly original: Case;
  /** The folder it was written to. */
  readonly directory: string;
  /** Why it is not there whole; absent: it is. */
  readonly unwritten?: string | undefined;
  /** Whether the plain script without the harness was seen to fail the same way; undefined: it was not run. */
  readonly reproduced?: boolean | undefined;
  /** Cases of this run with the same signature, this one included. */
  count: number;
}

/** How a run ended. */
export type RunEnd = 'all cases' | 'time is up' | 'interrupted' | 'infrastructure';

export interface FuzzResult {
  readonly end: RunEnd;
  readonly outcomes: readonly Outcome[];
  /** Cases that carried a mutant; they are not among the outcomes, unless they were not judged. */
  readonly canaries: readonly Canary[];
  readonly findings: readonly ReportedFinding[];
  readonly milliseconds: number;
}
