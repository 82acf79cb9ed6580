import { checkAppendContinues, checkTamperSeen } from './act-checks.ts';
import {
  checkChainHead,
  checkChainRecomputed,
  checkRowCount,
  checkVerifyClean,
  checkVerifyWalked,
} from './chain-checks.ts';
import { describeRefusal } from '../text/refusal.ts';
import { failed, held, leftOut, type CheckResult, type Evidence } from './check.ts';
import { compareCatalogs, describeCatalogDifference } from './compare-catalogs.ts';
import { describeExempt } from './exemptions.ts';
import { checkRowBytes } from './row-bytes.ts';
import { checkWormEnforced } from './worm-check.ts';

/** All checks over one trial's evidence, in the order of CHECK_IDS. */
export function runChecks(evidence: Evidence): CheckResult[] {
  return [
    checkRowCount(evidence),
    checkChainHead(evidence),
    checkVerifyClean(evidence),
    checkVerifyWalked(evidence),
    checkRowBytes(evidence),
    checkChainRecomputed(evidence),
    checkSchema(evidence),
    checkAppendContinues(evidence),
    checkWormEnforced(evidence),
    checkTamperSeen(evidence),
    checkSecondDump(evidence),
  ];
}

function checkSchema(evidence: Evidence): CheckResult {
  const { source, restored, exempt, exemptProperties, serversOwn = [] } = evidence;
  const unread = [source, restored].map(({ errors }) => errors.find(({ field }) => field === 'catalog'));
  if (unread.some((error) => error !== undefined)) {
    const said = unread.map((error) => (error ? describeRefusal(error) : 'readable'));
    return failed('schema', 'the catalog cannot be read', said[0], said[1]);
  }
  const [before, after] = [source, restored].map(({ catalog }) =>
    catalog.filter(
      ({ kind, identity }) => !serversOwn.some(({ pattern }) => pattern.test(`${kind} ${identity}`)),
    ),
  );
  const differences = compareCatalogs(before ?? [], after ?? [], exempt, exemptProperties);
  const [first] = differences;
  if (!first) {
    const left = [
      ...[...exempt].map(describeExempt),
      ...(exemptProperties ?? []),
      ...serversOwn.map(({ name }) => name),
    ];
    const without = left.length === 0 ? '' : `; not compared: ${left.join(', ')}`;
    return held('schema', `${source.catalog.length} catalog objects${without}`);
  }
  const more = differences.length > 1 ? ` (and ${differences.length - 1} more)` : '';
  const summary = `${describeCatalogDifference(first)}${more}`;
  const changes = [...new Set(differences.map(({ kind, change }) => `${kind} ${change}`))].sort();
  return { ...failed('schema', summary, first.source, first.restored), changes };
}

function checkSecondDump({ secondDump }: Evidence): CheckResult {
  const id = 'second-dump-equal';
  if (secondDump === undefined) return leftOut(id, 'no second dump was taken');
  if (secondDump === null) return held(id, 'a dump of the restored database is the same script');
  return failed(id, `the dumps differ from line ${secondDump.line}`, secondDump.first, secondDump.second);
}

export type Verdict = 'faithful' | 'refused' | 'lossy' | 'drifted' | 'source-invalid';

/**
 * The verdict of a trial whose tools all exited 0. Whether rows were lost is for `row-bytes` to say, which covers every
 * table; a count that cannot even be read, for a search_path that leads elsewhere, is a change of behaviour.
 */
export function verdictOf(checks: readonly CheckResult[]): Verdict {
  const broken = checks.filter((check) => check.outcome === 'failed');
  if (broken.some(({ id }) => id === 'row-bytes')) return 'lossy';
  return broken.length > 0 ? 'drifted' : 'faithful';
}
