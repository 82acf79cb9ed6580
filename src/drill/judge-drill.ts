import type { Acts } from '../snapshot/acts/acts.ts';
import type { CatalogKind } from '../snapshot/catalog.ts';
import { locateDifferences } from '../snapshot/locate-differences.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { runChecksAlone } from '../verdict/judge-alone.ts';
import { runChecks, verdictOf } from '../verdict/judge.ts';
import { chainFault } from '../verdict/source-fault.ts';
import type { DrillOptions, DrillResult } from './drill-result.ts';
import type { ScriptFacts } from './scan-script.ts';
import { leavesRoles, leavesSettings } from './unproven.ts';

/** What was seen of the restored database. */
export interface Looked {
  readonly restored: Snapshot;
  readonly acts: Acts;
  readonly databaseBytes: number;
}

type Judged = Pick<DrillResult, 'verdict' | 'checks' | 'sourceFault' | 'restored' | 'databaseBytes'>;

/** With a snapshot of the source every check but the second dump, without one those that need none. */
export async function judgeDrill(looked: Looked, options: DrillOptions, facts: ScriptFacts): Promise<Judged> {
  const { restored, acts } = looked;
  const { against: source } = options;
  const seen = { restored, databaseBytes: looked.databaseBytes };
  if (!source) {
    const checks = runChecksAlone(restored, acts, options.subject);
    const broken = checks.some(({ outcome }) => outcome === 'failed');
    return { verdict: broken ? 'unsound' : 'sound', checks, ...seen };
  }
  const checks = runChecks({
    source,
    restored,
    acts,
    refuses: options.subject.refuses,
    located: await locateDifferences(source, restored),
    exempt: exemptBy(options, facts),
    exemptProperties: new Set(facts.tablespaces.length > 0 ? ['tablespace'] : []),
  });
  const sourceFault = chainFault(source);
  if (sourceFault !== undefined) return { verdict: 'source-invalid', checks, sourceFault, ...seen };
  return { verdict: verdictOf(checks), checks, ...seen };
}

function exemptBy(options: DrillOptions, facts: ScriptFacts): ReadonlySet<CatalogKind> {
  const roles: CatalogKind[] = leavesRoles(options) ? ['owner', 'grant', 'default-privilege'] : [];
  const settings: CatalogKind[] = leavesSettings(facts) ? ['database-setting'] : [];
  // A restore leaves them out, as it has to.
  return new Set([...options.exempt, ...roles, ...settings]);
}
