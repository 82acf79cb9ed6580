import type { Case } from '../../case/case.ts';
import { simplerPlans } from './simpler-plans.ts';
import { simplerRows } from './simpler-rows.ts';
import { simplerValues } from './simpler-values.ts';

/** Simpler cases to try instead of one, the most telling first. */
type Simplify = (trial: Case) => Iterable<Case>;

/** Cheap and telling first: environment and options, then rows, then values. */
const PHASES: readonly Simplify[] = [simplerPlans, simplerRows, simplerValues];

export interface ShrinkOptions {
  /** Whether a case shows the very same finding. */
  readonly fails: (trial: Case) => Promise<boolean>;
  readonly budgetMilliseconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Told of every trial: how many so far, and the smallest failing case. */
  readonly onTrial?: ((trials: number, smallest: Case) => void) | undefined;
}

export interface Shrunk {
  readonly trial: Case;
  /** How many cases were tried. */
  readonly trials: number;
  /** `minimal`: no simpler case that is known to be one fails the same way. */
  readonly end: 'minimal' | 'budget' | 'interrupted';
}

/**
 * The smallest case that still fails the same way. Greedy: a simpler case that fails is taken at once, and each
 * phase goes on until nothing simpler fails; then all phases again, until none gains.
 */
export async function shrink(trial: Case, options: ShrinkOptions): Promise<Shrunk> {
  const deadline = performance.now() + options.budgetMilliseconds;
  const tried = new Set([JSON.stringify(trial)]);
  let smallest = trial;
  let trials = 0;
  const gain = async (simplify: Simplify): Promise<boolean> => {
    for (const simpler of simplify(smallest)) {
      const text = JSON.stringify(simpler);
      if (tried.has(text)) continue;
      tried.add(text);
      if (options.signal?.aborted || performance.now() > deadline) return false;
      trials++;
      const fails = await options.fails(simpler);
      if (fails) smallest = simpler;
      options.onTrial?.(trials, smallest);
      if (fails) return true;
    }
    return false;
  };
  for (let gained = true; gained;) {
    gained = false;
    for (const phase of PHASES) while (await gain(phase)) gained = true;
  }
  const interrupted = options.signal?.aborted ? 'interrupted' : undefined;
  return {
    trial: smallest,
    trials,
    end: interrupted ?? (performance.now() > deadline ? 'budget' : 'minimal'),
  };
}
