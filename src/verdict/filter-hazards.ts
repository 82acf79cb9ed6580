import type { Case, DumpPlan, RestorePlan } from '../case/case.ts';
import type { SubjectTraits } from '../case/subject-traits.ts';
import type { World } from '../case/world.ts';
import { exemptObjects, serversOwn } from './exemptions.ts';
import { refusedHazard, silentHazard, type Hazard } from './hazard.ts';
import { comesToNothing, hasAllRowsAlready } from './restore-hazards.ts';
import { gives, leavesOutData, showsPublic, tablesPicked, valuesOf } from './plan-words.ts';

const dumpGives =
  (name: string, value: string) =>
  ({ dump }: Case): boolean =>
    (name.includes('table') && !showsPublic(dump) ? [] : valuesOf(dump, name)).includes(value);
const restoreGives =
  (name: string, value: string) =>
  ({ restore }: Case): boolean =>
    restore.tool !== 'psql' && valuesOf(restore, name).includes(value);
const either =
  (name: string, value: string) =>
  (trial: Case): boolean =>
    dumpGives(name, value)(trial) || restoreGives(name, value)(trial);

const WHOLE =
  'Dump and restore the whole database; look at the list of what an archive holds (`pg_restore --list`) before relying on a filter.';

export const FILTER_HAZARDS: readonly Hazard[] = [
  refusedHazard('pre-data', {
    id: 'schema-public-already-there',
    title: 'A dump of --schema=public restored without --clean',
    says: /schema "public" already exists|permission denied for database/,
    applies: (trial, _, world) =>
      dumpGives('--schema', 'public')(trial) && (!dropsPublic(trial) || createsAsOwner(trial, world)),
    costsNothing: (trial) => !dropsPublic(trial),
    what: 'A schema that is asked for by name is dumped with its CREATE SCHEMA, and every new database has public (SQLSTATE 42P06), that of `--clean --create` too. Under `--use-set-session-authorization` it fails with `--clean` as well: since 15 the owner is pg_database_owner, which may not create schemas (SQLSTATE 42501).',
    advice: WHOLE,
  }),
  refusedHazard('post-data', {
    id: 'strict-names-by-section',
    title: 'pg_restore --strict-names with --table, section by section',
    says: /table "[^"]+" not found/,
    applies: ({ dump, restore }) =>
      restore.tool !== 'psql' &&
      gives(restore, '--strict-names') &&
      valuesOf(restore, '--table').length > 0 &&
      (dump.parts === 'sections' || restore.by_section === true),
    stopsPsql: true,
    byPgRestore: true,
    what: 'Each run of pg_restore looks for the names among what it is to restore (src/bin/pg_dump/pg_backup_archiver.c, StrictNamesCheck), and in post-data there is no table: the last run fails, with the rows there.',
    advice: 'Leave out `--strict-names`, or restore all sections in one run.',
  }),
  refusedHazard('post-data', {
    id: 'triggers-without-functions',
    title: 'A dump of --table has triggers, and not their functions',
    says: /function public\.\w+\(\) does not exist/,
    applies: ({ dump }) => tablesPicked(dump, '--table').length > 0,
    costsNothing: () => true,
    what: 'CREATE TRIGGER fails, because the function does not exist (SQLSTATE 42883). By then the rows are there, unless all is one transaction.',
    advice: WHOLE,
  }),
  silentHazard({
    id: 'schema-left-out',
    title: 'A schema, or tables beside the audit trail, are left out',
    applies: (trial, _, { subject }) =>
      either('--exclude-schema', 'public')(trial) || leavesOutOthers(trial, subject),
    verdict: 'lossy',
    seenBy: ['row-count', 'row-bytes'],
    what: 'Nothing is restored of what a filter leaves out, and both tools exit 0: the whole audit trail, or the other tables of an application.',
    advice: WHOLE,
  }),
  silentHazard({
    id: 'data-left-out',
    title: 'The rows are left out',
    applies: (trial, facts, world) => leavesOutData(trial) && !hasAllRowsAlready(trial, facts, world),
    verdict: 'lossy',
    seenBy: ['row-bytes', 'row-count', 'chain-head'],
    what: 'Only definitions are restored: no event, and not even the row that an installation makes for the head, so that nothing can be appended.',
    advice: WHOLE,
  }),
  silentHazard({
    id: 'events-left-out',
    title: 'The table or the rows of the events are left out',
    applies: (trial, facts, world) => {
      const { events } = world.subject.tables;
      const empty = facts.rows > 0 && dumpGives('--exclude-table-data', events)(trial);
      return empty || (picksOthersThan(events)(trial) && !hasAllRowsAlready(trial, facts, world));
    },
    verdict: 'lossy',
    seenBy: ['row-count', 'row-bytes'],
    spares: ['chain-head', 'schema'],
    what: 'The head names a row that is not there. An empty chain verifies, unless the verifier compares its end with the head: otherwise only the number of rows walked tells.',
    advice: WHOLE,
  }),
  silentHazard({
    id: 'head-left-out',
    title: 'The table or the row of the chain’s head is left out',
    applies: (trial, facts, world) => {
      const { tables } = world.subject;
      const left =
        dumpGives('--exclude-table', tables.head)(trial) ||
        dumpGives('--exclude-table-data', tables.head)(trial) ||
        picksOthersThan(tables.head)(trial);
      return left && !hasAllRowsAlready(trial, facts, world);
    },
    verdict: 'lossy',
    seenBy: ['chain-head', 'row-bytes', 'append-continues'],
    what: 'The events come back and verify, but nothing can be appended: there is no head to chain to.',
    advice: WHOLE,
  }),
  silentHazard({
    id: 'tables-without-functions',
    title: 'Tables restored without functions and triggers',
    applies: (trial, facts, world) =>
      picksTables(trial) && !gives(trial.dump, '--data-only') && !hasAllRowsAlready(trial, facts, world),
    verdict: 'drifted',
    seenBy: ['schema', 'verify-clean', 'worm-enforced'],
    what: 'psql went on after CREATE TRIGGER failed, or pg_restore was given the tables by their names, which brings the bare tables (manual, pg_restore, `--table`): the rows are there, and neither the verifier nor the write-once trigger.',
    advice: WHOLE,
  }),
  silentHazard({
    id: 'schema-without-extension',
    title: 'A filter by schema leaves the extension out',
    applies: (trial, _, { subject }) =>
      subject.extension !== undefined && either('--schema', 'public')(trial),
    verdict: 'drifted',
    seenBy: ['schema', 'verify-clean', 'append-continues'],
    what: 'Extensions belong to no schema, so that pgcrypto is neither dumped nor restored. Bodies of functions are not checked at restore (check_function_bodies is off): the first call of digest() fails.',
    advice: `${WHOLE} Since 14, \`--extension=pgcrypto\` adds the extension.`,
  }),
  // After the extension: without it there is more amiss.
  silentHazard({
    id: 'schema-public-closed',
    title: 'A dump of --schema=public restored with --clean',
    applies: (trial, facts, world) =>
      makesPublicAnew(trial) &&
      leavesOutUsage(world) &&
      comparesUsage(trial, world) &&
      !comesToNothing(trial, facts, world),
    verdict: 'drifted',
    seenBy: ['schema'],
    spares: [
      'row-count',
      'chain-head',
      'verify-clean',
      'verify-walked',
      'row-bytes',
      'chain-recomputed',
      'append-continues',
      'worm-enforced',
      'tamper-seen',
    ],
    what: 'A schema that is asked for by name is dropped and made anew. CREATE SCHEMA gives PUBLIC nothing, and USAGE on public, which every new database has, is no privilege that pg_dump writes down (src/bin/pg_dump/pg_dump.c, getNamespaces): every role but the owner is locked out, and has to find that out for itself.',
    advice: `${WHOLE} Otherwise \`GRANT USAGE ON SCHEMA public TO PUBLIC\` after the restore; up to 14 it was \`GRANT ALL\`.`,
  }),
];

/** Whether public goes before it is made again. Of a database that `--create` makes, `--clean` drops nothing else. */
const dropsPublic = ({ restore }: Case): boolean => restore.clean === true && restore.create !== true;

/** Whether the restore drops public and makes it: names of what it is to restore do not pick the schema itself. */
function makesPublicAnew(trial: Case): boolean {
  const { dump, restore } = trial;
  const picks =
    tablesPicked(dump, '--table').length > 0 || (restore.tool !== 'psql' && gives(restore, ...PICKING));
  return (
    dumpGives('--schema', 'public')(trial) &&
    dropsPublic(trial) &&
    !picks &&
    [dump, restore].every((plan) => !gives(plan, '--data-only') && makesObjects(plan))
  );
}

const PICKING = ['--schema', '--table', '--index', '--function', '--trigger'] as const;

function makesObjects(plan: DumpPlan | RestorePlan): boolean {
  const sections = valuesOf(plan, '--section');
  return sections.length === 0 || sections.includes('pre-data');
}

/**
 * Whether USAGE is taken for granted. To pg_dump of 15 and newer that is so, to an older one whatever pg_init_privs has;
 * what PUBLIC has on a server of 14 and older is more than USAGE, which the newer one writes down.
 */
function leavesOutUsage({ dumped, ...here }: World): boolean {
  const { server, tools } = dumped ?? here;
  return server.major >= 15 || tools.major < 15;
}

/** Whether it is looked at what PUBLIC may do: not so where the plan leaves privileges out, or it is the servers' own. */
function comparesUsage(trial: Case, { subject }: World): boolean {
  const own = serversOwn(trial).some(({ pattern }) => pattern.test('grant USAGE on schema public to PUBLIC'));
  return !own && !exemptObjects(trial, subject).has('grant');
}

/** Whether there are tables beside the subject's that a filter does not pick. */
function leavesOutOthers(trial: Case, { installed }: SubjectTraits): boolean {
  if (!installed) return false;
  const schema = installed.otherSchemas && either('--schema', 'public')(trial);
  return schema || (installed.tables > 0 && picksTables(trial));
}

const picksTables = ({ dump, restore }: Case): boolean =>
  tablesPicked(dump, '--table').length + tablesAsked(restore).length > 0;

/** pg_restore takes names as they stand (manual, pg_restore, `--table`). */
const tablesAsked = (restore: RestorePlan): string[] =>
  restore.tool === 'psql' ? [] : valuesOf(restore, '--table');

/** Whether tables are picked by their names, and this one is none of them. */
const picksOthersThan =
  (table: string) =>
  ({ dump, restore }: Case): boolean => {
    const [picked, asked] = [tablesPicked(dump, '--table'), tablesAsked(restore)];
    const dumped = picked.length === 0 || picked.some((pattern) => finds(pattern, table));
    return !dumped || (asked.length > 0 && !asked.includes(table));
  };

/** Of the patterns of pg_dump, those with `*` for any number of characters. */
const finds = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(name);

/** Whether public is made by its owner's own authority; a script has that from pg_dump, an archive from pg_restore. */
function createsAsOwner({ dump, restore }: Case, { server }: World): boolean {
  const plan = dump.format === 'plain' ? dump : restore;
  return (
    server.major >= 15 && gives(plan, '--use-set-session-authorization') && !gives(plan, '--no-owner', '-O')
  );
}
