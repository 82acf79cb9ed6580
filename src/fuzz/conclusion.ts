import { EXIT } from '../errors.ts';
import { plural } from '../text/plural.ts';

/** What a whole run comes to. Red runs are `fail`; `no-verdict` is neither a pass nor a finding. */
export interface Conclusion {
  readonly verdict: 'pass' | 'fail' | 'no-verdict';
  /** Why, in words that follow PASS, FAIL or NO VERDICT. */
  readonly sentence: string;
}

/** What a conclusion is drawn from. */
export interface RunFacts {
  /** How many cases were tried, and how many of them ended without a verdict. */
  readonly tried: number;
  readonly withoutVerdict: number;
  readonly findings: number;
  /** How many of them could not be written down. */
  readonly unwritten?: number | undefined;
  readonly interrupted: boolean;
  /** Floors of the coverage that were not reached. */
  readonly missed: number;
  /** Of a run on several machines: the shards that nothing is known of. */
  readonly missingShards?: readonly number[] | undefined;
  /** Whether canaries flew, and none of them struck. */
  readonly canariesInVain?: boolean | undefined;
}

/**
 * A finding outweighs everything, unless there is nothing to show for it; what could not be judged is never a pass; a pass
 * has covered what it has to.
 */
export function concludeRun(facts: RunFacts): Conclusion {
  const { tried, withoutVerdict, findings, unwritten = 0, interrupted, missed, missingShards = [] } = facts;
  if (unwritten > 0) {
    const sentence = `${plural(findings, 'finding')}, ${unwritten} of which could not be written down`;
    return { verdict: 'no-verdict', sentence };
  }
  if (findings > 0) return { verdict: 'fail', sentence: plural(findings, 'finding') };
  if (withoutVerdict > 0) {
    const sentence = 'not every case could be judged; this is neither a pass nor a finding';
    return { verdict: 'no-verdict', sentence };
  }
  if (missingShards.length > 0) {
    const which = `shard${missingShards.length === 1 ? '' : 's'} ${missingShards.join(', ')}`;
    return { verdict: 'no-verdict', sentence: `nothing is known of ${which}` };
  }
  if (interrupted) return { verdict: 'no-verdict', sentence: 'interrupted' };
  if (tried === 0) return { verdict: 'no-verdict', sentence: 'no case was tried' };
  if (missed > 0) return { verdict: 'fail', sentence: 'the run did not cover what a deep run has to' };
  if (facts.canariesInVain) {
    const sentence = 'no canary struck, so that nothing shows that the checks would see anything';
    return { verdict: 'fail', sentence };
  }
  return { verdict: 'pass', sentence: 'every case as predicted' };
}

/** The exit code that says the same. */
export function exitCodeOf({ verdict }: Conclusion): number {
  return { pass: EXIT.asPredicted, fail: EXIT.findings, 'no-verdict': EXIT.noVerdict }[verdict];
}
