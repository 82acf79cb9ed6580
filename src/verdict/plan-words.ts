import type { Case, DumpPlan, RestorePlan } from '../case/case.ts';
import type { SubjectTraits } from '../case/subject-traits.ts';

/** Whether one of the options is given, alone or with a value: `--table` finds `--table=audit_events`. */
export function gives(plan: DumpPlan | RestorePlan, ...names: readonly string[]): boolean {
  return (plan.options ?? []).some((word) =>
    names.some((name) => word === name || word.startsWith(`${name}=`)),
  );
}

/** The values that an option is given, in their order. */
export function valuesOf(plan: DumpPlan | RestorePlan, name: string): string[] {
  return (plan.options ?? []).flatMap((word) =>
    word.startsWith(`${name}=`) ? [word.slice(name.length + 1)] : [],
  );
}

/** A setting that the plan's PGOPTIONS give the tool's session; undefined where they do not. */
export function sessionSetting(plan: DumpPlan | RestorePlan, name: string): string | undefined {
  const words = (plan.environment?.['PGOPTIONS'] ?? '').split(/\s+/);
  return words.findLast((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/**
 * The values of an option that picks tables by a name without a schema, as far as they find any: such a name finds
 * what the session's search_path shows. pg_dump empties that, but resets it for the look-up (src/bin/pg_dump/pg_dump.c,
 * expand_table_name_patterns), so that PGOPTIONS decide.
 */
export function tablesPicked(dump: DumpPlan, option: TableOption): string[] {
  return showsPublic(dump) ? valuesOf(dump, option) : [];
}

type TableOption = '--table' | '--exclude-table' | '--exclude-table-data';

/** Whether names without a schema find tables of public. */
export function showsPublic(dump: DumpPlan): boolean {
  return sessionSetting(dump, 'search_path')?.includes('public') ?? true;
}

/** A setting of the target database; undefined where it is the server's. */
export function databaseSetting({ target }: Case, name: string): string | undefined {
  return target.kind === 'fresh' ? target.settings?.[name] : undefined;
}

/** Whether only definitions are dumped or restored. */
export function leavesOutData({ dump, restore }: Case): boolean {
  return (
    gives(dump, '--schema-only') ||
    (restore.tool !== 'psql' && (gives(restore, '--schema-only') || onlyPreData(restore)))
  );
}

function onlyPreData(restore: RestorePlan): boolean {
  const sections = valuesOf(restore, '--section');
  return sections.length > 0 && sections.every((section) => section === 'pre-data');
}

/** Whether the events are read by the dump. */
export function dumpsEvents({ dump }: Case, { tables }: SubjectTraits): boolean {
  return !(
    gives(dump, '--schema-only') ||
    valuesOf(dump, '--exclude-schema').includes('public') ||
    tablesPicked(dump, '--exclude-table-data').includes(tables.events)
  );
}

/** Whether the events are in the dump and asked back. */
export function restoresEvents(trial: Case, subject: SubjectTraits): boolean {
  const { restore } = trial;
  const left = restore.tool !== 'psql' && valuesOf(restore, '--exclude-schema').includes('public');
  return dumpsEvents(trial, subject) && !leavesOutData(trial) && !left;
}

/** Whether the rows of the tables beside the subject's are in the dump and asked back. */
export function restoresOthers(trial: Case): boolean {
  const { restore } = trial;
  const left =
    restore.tool !== 'psql' &&
    (valuesOf(restore, '--exclude-schema').includes('public') || valuesOf(restore, '--table').length > 0);
  return dumpsOthers(trial) && !leavesOutData(trial) && !left;
}

/** Whether the rows of the tables beside the subject's are read by the dump. */
export function dumpsOthers({ dump }: Case): boolean {
  return !(
    gives(dump, '--schema-only') ||
    valuesOf(dump, '--exclude-schema').includes('public') ||
    tablesPicked(dump, '--table').length > 0
  );
}

/**
 * Whether one error undoes all of a script that psql goes on with. ON_ERROR_ROLLBACK puts a savepoint before each
 * statement, so that the transaction goes on without the one that failed (manual, psql, Variables).
 */
export function undoneByAnError({ restore }: Case): boolean {
  const savepoints = restore.tool === 'psql' && gives(restore, '--set=ON_ERROR_ROLLBACK=on');
  return restore.single_transaction === true && !savepoints;
}

/**
 * Whether psql exits 0 whatever the statements of the script come to. It ends where \connect fails, and so where
 * the database that it connects to could not be made.
 */
export function psqlGoesOn({ restore }: Case): boolean {
  if (restore.tool === 'pg_restore') return false;
  if (restore.create && sessionSetting(restore, 'default_transaction_read_only') === 'on') return false;
  return (
    restore.go_on_after_errors === true ||
    (restore.tool === 'psql' && gives(restore, '--set=ON_ERROR_STOP=off'))
  );
}
