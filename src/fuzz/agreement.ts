import type { Case } from '../case/case.ts';
import { sameDigest } from '../text/same-digest.ts';
import type { CheckId, CheckResult } from '../verdict/check.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { judgeInvalidSource } from './judge-trial.ts';
import type { Lane } from './lane.ts';
import type { Finding, Judgement } from './property.ts';

/** One way to carry a case out, under a name for people. */
export interface Way {
  readonly name: string;
  readonly trial: Case;
}

/**
 * Several ways to carry out one case, each of which has to be faithful, and all of which have to restore the same
 * rows, byte for byte.
 */
export async function judgeAgreement(ways: readonly Way[], lane: Lane): Promise<Judgement> {
  let first: { name: string; result: TrialResult } | undefined;
  for (const { name, trial } of ways) {
    const result = await lane.roundTrip(trial, { thorough: false });
    if (result.verdict === 'source-invalid') return judgeInvalidSource(trial, result, lane);
    if (result.verdict !== 'faithful') return disagreement(`${name} is not faithful`, result);
    const differing = first && tablesThatDiffer(first.result, result, lane);
    if (first && differing) {
      const check = rowBytesFailed(differing, `as ${first.name} restored it`, `as ${name} restored it`);
      return disagreement(`${first.name} and ${name} restore different rows of ${differing}`, result, [
        check,
      ]);
    }
    first ??= { name, result };
  }
  return { verdict: 'faithful', predicted: 'faithful' };
}

function tablesThatDiffer(one: TrialResult, other: TrialResult, { ground }: Lane): string | undefined {
  const { events } = ground.subject.traits.tables;
  const digests = new Map(one.restored?.tables.map((table) => [table.name, table.digest]));
  // When the head was moved is the moment of the last insert, which differs from trial to trial.
  return other.restored?.tables.find(
    ({ name, digest }) => name.endsWith(`.${events}`) && !sameDigest(digests.get(name), digest),
  )?.name;
}

function rowBytesFailed(table: string, source: string, restored: string): CheckResult {
  return { id: 'row-bytes', outcome: 'failed', summary: `table ${table}: the rows differ`, source, restored };
}

function disagreement(summary: string, result: TrialResult, own?: readonly CheckResult[]): Judgement {
  const checks = own ?? result.checks.filter(({ outcome }) => outcome === 'failed');
  const finding: Finding = {
    summary,
    expected: 'the same rows by every way',
    verdict: result.verdict === 'faithful' ? 'lossy' : result.verdict,
    failed: checks.map(({ id }): CheckId => id),
    checks,
    stage: result.refusal?.stage,
    errorLine: result.refusal?.firstErrorLine,
  };
  return { verdict: finding.verdict, predicted: 'faithful', finding };
}
