import type { Case, Disturbance } from '../case/case.ts';
import type { Canary } from './canary.ts';
import type { Origin, Outcome, ReportedFinding } from './outcome.ts';
import type { Finding, Property } from './property.ts';

/** What a run is to do. */
export interface FuzzPlan {
  readonly seed: number;
  /** The indices to try, in order; an endless one ends with the time. */
  readonly indices: Iterable<number>;
  /** On the clock of performance.now(); no case is begun after it. */
  readonly deadline?: number | undefined;
  readonly lanes?: number | undefined;
  readonly properties: readonly Property[];
  /** Tried first, each by the property that it names or else by all that may judge any case. */
  readonly corpus: readonly CorpusEntry[];
  /** Tried after the corpus: cases that somebody else drew. */
  readonly given?: readonly Work[] | undefined;
  /** Findings of an earlier part of the same run: seen again, they are counted and not pursued. */
  readonly known?: readonly ReportedFinding[] | undefined;
  readonly shrinkMilliseconds: number;
  /** Where counterexamples are written. */
  readonly counterexamples: string;
  /** What the canaries are of; absent: none. */
  readonly canary?: Property | undefined;
  /** Done to every case: what the run has to find. */
  readonly fault?: Disturbance | undefined;
  /** Classes of a case, for the coverage. */
  readonly classify: (trial: Case) => readonly string[];
}

export interface CorpusEntry {
  readonly file: string;
  readonly trial: Case;
  readonly property: Property;
}

/** One case to try. */
export interface Work {
  readonly origin: Origin;
  readonly property: Property;
  readonly trial: Case;
}

/** Told of a run as it goes. */
export interface FuzzObserver {
  onOutcome?(outcome: Outcome): void;
  onCanary?(canary: Canary): void;
  onShrinking?(signature: string, finding: Finding): void;
  onFinding?(finding: ReportedFinding): Promise<boolean | undefined>;
}
