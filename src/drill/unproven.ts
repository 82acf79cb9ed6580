import type { DrillOptions } from './drill-result.ts';
import type { ScriptFacts } from './scan-script.ts';

type Plan = Pick<DrillOptions, 'dump' | 'engine' | 'against' | 'subject'>;

/** Whether the restore is done without owners and grants. */
export function leavesRoles({ dump, engine }: Pick<Plan, 'dump' | 'engine'>): boolean {
  return !engine.throwaway && dump.format !== 'plain';
}

/** Whether the dump does not tell the settings of its database: a script tells them under --create only. */
export function leavesSettings({ database }: ScriptFacts): boolean {
  return database === undefined;
}

/** What a drill says nothing about, in sentences. */
export function unprovenBy(plan: Plan, facts: ScriptFacts): string[] {
  return [
    ...(plan.against ? [] : WITHOUT_SOURCE),
    ...(plan.against || plan.subject.recomputes ? [] : [UNKNOWN_HASHES]),
    ...(leavesRoles(plan)
      ? ['owners and grants: restored with --no-owner --no-acl, since roles belong to the server']
      : []),
    ...(leavesSettings(facts)
      ? ['settings of the database (ALTER DATABASE … SET): a script has them under --create only']
      : []),
    ...(facts.tablespaces.length > 0
      ? [`tablespaces: everything is in the default one instead of ${facts.tablespaces.join(', ')}`]
      : []),
  ];
}

const UNKNOWN_HASHES =
  'that the hashes are those of the rows, and the head that of the last one: the subject does not tell what is hashed, and its own verifier is believed';

const WITHOUT_SOURCE = [
  'that these are the rows of the source: without --against only the chain in itself is looked at',
  'rows missing at the end of the trail, except where the head row disagrees with the last one that is there',
  'tables beside the trail, and the schema: whether anything of them is missing or changed',
];
