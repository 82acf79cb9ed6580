import type { Case } from '../case/case.ts';
import type { CaseFacts } from '../case/case-facts.ts';
import type { World } from '../case/world.ts';
import { refusedHazard, silentHazard, type Hazard } from './hazard.ts';
import {
  databaseSetting,
  gives,
  psqlGoesOn,
  undoneByAnError,
  restoresEvents,
  sessionSetting,
  tablesPicked,
  valuesOf,
} from './plan-words.ts';

const prepared = ({ target, restore }: Case): boolean =>
  target.kind === 'fresh' && target.prepared === true && restore.clean !== true;
const dataOnly = ({ dump }: Case): boolean => gives(dump, '--data-only');

/** A table that is asked for by name comes back without its triggers (manual, pg_restore, --table). */
const bringsTriggers = ({ restore }: Case): boolean =>
  restore.tool === 'psql' || valuesOf(restore, '--table').length === 0;

/** Whether data come into tables whose triggers are there already. */
const triggersAreThere = (trial: Case): boolean =>
  (trial.dump.parts === 'schema-and-data' && !rolledBack(trial) && bringsTriggers(trial)) ||
  (dataOnly(trial) && prepared(trial));
/** In an archive the option is ignored, in a script pg_restore's counts. */
const disablesTriggers = ({ dump, restore }: Case): boolean =>
  gives(dump.format === 'plain' ? dump : restore, '--disable-triggers');

/** Whether the triggers fire for rows that come. */
function firesTriggers(trial: Case, { rows }: CaseFacts, { subject }: World): boolean {
  const role = sessionSetting(trial.restore, 'session_replication_role');
  const awake = subject.triggers === 'always' || role !== 'replica';
  return rows > 0 && triggersAreThere(trial) && !disablesTriggers(trial) && awake;
}

/** Whether psql opens transactions and commits none. */
const rolledBack = ({ restore }: Case): boolean =>
  restore.tool === 'psql' && gives(restore, '--set=AUTOCOMMIT=off') && restore.single_transaction !== true;

const singleLine = ({ restore }: Case): boolean =>
  restore.tool === 'psql' && gives(restore, '--set=SINGLELINE=on');

const oneRowEach = ({ dump }: Case): boolean => typeof dump.rows !== 'number' || dump.rows < 2;

const isReadOnly = (trial: Case): boolean =>
  sessionSetting(trial.restore, 'default_transaction_read_only') === 'on' ||
  databaseSetting(trial, 'default_transaction_read_only') === 'on';

/** Whether psql exits 0 and nothing of what it ran stays: all is rolled back, for an error or for want of a COMMIT. */
export function comesToNothing(trial: Case, facts: CaseFacts, world: World): boolean {
  if (rolledBack(trial)) return true;
  if (!psqlGoesOn(trial)) return false;
  const fails = ({ verdict, applies }: Hazard): boolean =>
    verdict === 'refused' && applies(trial, facts, world);
  return isReadOnly(trial) || (undoneByAnError(trial) && RESTORE_HAZARDS.some(fails));
}

/**
 * Whether a target has all rows of the source before the restore, and keeps them whatever fails: the subject was
 * installed there and makes the same head each time, which is all that a source without events has.
 */
export function hasAllRowsAlready(trial: Case, facts: CaseFacts, world: World): boolean {
  const { target, restore } = trial;
  const { firstHead, installed } = world.subject;
  const same = firstHead === 'constant' && (installed?.rows ?? 0) === 0;
  const kept = restore.clean !== true || comesToNothing(trial, facts, world);
  return target.kind === 'fresh' && target.prepared === true && facts.rows === 0 && same && kept;
}

const leavesOutHead = ({ dump }: Case, { subject }: World): boolean =>
  tablesPicked(dump, '--exclude-table-data').includes(subject.tables.head);
const yields = ({ dump }: Case): boolean => gives(dump, '--on-conflict-do-nothing');

export const RESTORE_HAZARDS: readonly Hazard[] = [
  refusedHazard('pre-data', {
    id: 'objects-already-there',
    title: 'A whole dump restored into a database that has the subject already',
    says: /(?:function|relation) "\w+" already exists/,
    applies: (trial) => prepared(trial) && !dataOnly(trial),
    what: 'The first CREATE fails, because the object exists (SQLSTATE 42723).',
    advice: 'Restore into an empty database, or with `--clean --if-exists`.',
  }),
  // Before the head: tables are filled in the order of their names.
  refusedHazard('data', {
    id: 'triggers-refuse-data',
    title: 'Data restored into tables whose triggers take no row that has a hash',
    says: /numbers and hashes its rows itself/,
    applies: (trial, facts, world) =>
      world.subject.triggers === 'always' && firesTriggers(trial, facts, world),
    what: 'The trigger finds its tables whatever the search_path, and fires whatever session_replication_role says. It does not chain a restored row a second time: it refuses it and says what to do (SQLSTATE P0001).',
    advice: 'Restore schema and data from one dump, whose triggers come after the data.',
  }),
  refusedHazard('data', {
    id: 'head-already-there',
    title: 'Data only, into a prepared schema: the head row is there already',
    says: /duplicate key value violates unique constraint "\w+_pkey"/,
    applies: (trial, _, world) =>
      prepared(trial) &&
      dataOnly(trial) &&
      (!leavesOutHead(trial, world) || (world.subject.installed?.rows ?? 0) > 0) &&
      !yields(trial),
    what: 'Installing the subject makes the one row of the head; the dump brings it again (SQLSTATE 23505).',
    advice: 'Restore schema and data from the same dump, or empty the table of the head first.',
  }),
  refusedHazard('data', {
    id: 'triggers-fire-on-data',
    title: 'Data restored into tables whose triggers are there already',
    says: /relation "audit_chain_head" does not exist/,
    applies: (trial, facts, world) =>
      world.subject.names === 'search-path' && firesTriggers(trial, facts, world),
    what: 'The hash trigger fires for each restored row. It names audit_chain_head without its schema, and a dump restores under an empty search_path (pg_dump since 10.3, CVE-2018-1058): the relation does not exist (SQLSTATE 42P01). With qualified names it would chain every row a second time, silently, unless it refuses rows that have a hash already.',
    advice:
      'Restore schema and data from one dump, whose triggers come after the data; otherwise `--disable-triggers` as a superuser.',
  }),
  silentHazard({
    id: 'always-triggers-become-ordinary',
    title: 'Data restored with --disable-triggers into tables whose triggers always fire',
    applies: (trial, facts, world) =>
      world.subject.triggers === 'always' &&
      triggersAreThere(trial) &&
      disablesTriggers(trial) &&
      restoresEvents(trial, world.subject) &&
      !comesToNothing(trial, facts, world),
    verdict: 'drifted',
    seenBy: ['schema'],
    spares: ['row-count', 'chain-head', 'verify-clean', 'row-bytes', 'chain-recomputed', 'worm-enforced'],
    what: 'ALTER TABLE … ENABLE TRIGGER ALL, by which the restore ends, makes every trigger an ordinary one: those that were ENABLE ALWAYS no longer fire where session_replication_role is replica. Rows and hashes are as they were.',
    advice:
      'Restore schema and data from one dump, whose triggers come after the data; otherwise run ALTER TABLE … ENABLE ALWAYS TRIGGER again.',
  }),
  refusedHazard('data', {
    id: 'nothing-to-restore-into',
    title: 'Only the data restored into an empty database',
    says: /(?:relation|table|schema) "[\w.]+" does not exist/,
    applies: (trial, _, world) => !prepared(trial) && withoutTables(trial, world),
    what: 'There is no table to copy into (SQLSTATE 42P01); nor is there where psql with AUTOCOMMIT off has rolled back the script that made it.',
    advice: 'Restore the whole dump.',
  }),
  refusedHazard('pre-data', {
    id: 'read-only-session',
    title: 'The restore runs in read-only transactions',
    says: /in a read-only transaction/,
    applies: isReadOnly,
    what: 'pg_dump’s script does not reset default_transaction_read_only, so that the first CREATE fails (SQLSTATE 25006), whether the setting is the session’s or the database’s.',
    advice: 'Take the setting back before the restore.',
  }),
  refusedHazard('pre-data', {
    id: 'single-line-mode',
    title: 'psql in single-line mode',
    says: /no function body specified|no language specified|syntax error at/,
    // A dump of the data has statements of one line, but for an INSERT of several rows.
    applies: (trial) => singleLine(trial) && !(dataOnly(trial) && oneRowEach(trial)),
    costsNothing: oneRowEach,
    what: 'Each end of line outside parentheses ends a statement, so that CREATE FUNCTION and ADD CONSTRAINT, which have several lines, are syntax errors.',
    advice: 'Run dump scripts with `--no-psqlrc` and without variables of your own.',
  }),
  silentHazard({
    id: 'single-line-mode-gone-past',
    title: 'psql in single-line mode, past its errors',
    applies: (trial, facts, world) =>
      singleLine(trial) && psqlGoesOn(trial) && !hasAllRowsAlready(trial, facts, world),
    verdict: 'drifted',
    seenBy: ['schema', 'verify-clean', 'worm-enforced'],
    what: 'COPY has one line, so that the rows arrive; functions, triggers and the primary key do not.',
    advice:
      'Run dump scripts with `--no-psqlrc`, with `--set=ON_ERROR_STOP=1` and without variables of your own.',
  }),
  silentHazard({
    id: 'autocommit-off',
    title: 'psql with AUTOCOMMIT off',
    applies: (trial, facts, world) => rolledBack(trial) && !hasAllRowsAlready(trial, facts, world),
    verdict: 'lossy',
    seenBy: ['row-count', 'row-bytes'],
    what: 'psql opens a transaction that nobody commits: at the end of the script it exits 0 and everything is rolled back.',
    advice: 'Run dump scripts with `--no-psqlrc`, or with `--single-transaction`, which commits.',
  }),
  silentHazard({
    id: 'head-not-replaced',
    title: 'Data only, past the head row that is there already',
    applies: (trial, facts, world) =>
      prepared(trial) &&
      dataOnly(trial) &&
      (leavesOutHead(trial, world) || yields(trial)) &&
      !hasAllRowsAlready(trial, facts, world),
    verdict: 'lossy',
    seenBy: ['chain-head', 'row-bytes', 'append-continues'],
    spares: ['row-count', 'schema', 'worm-enforced'],
    what: 'With `--on-conflict-do-nothing`, or without the data of the head, the head stays as the installation made it: empty. The rows verify, and the next event begins a second chain.',
    advice: 'Restore schema and data from the same dump.',
  }),
  silentHazard({
    id: 'triggers-asleep',
    title: 'The target database has session_replication_role = replica',
    applies: (trial, _, { subject }) =>
      subject.triggers === 'origin' && databaseSetting(trial, 'session_replication_role') === 'replica',
    verdict: 'drifted',
    seenBy: ['append-continues', 'worm-enforced'],
    spares: ['row-bytes', 'schema', 'chain-recomputed'],
    what: 'Triggers do not fire in its sessions unless they are ENABLE ALWAYS: events can be changed and deleted, and new ones have no hash.',
    advice: 'Set session_replication_role for the session of a restore only, never for the database.',
  }),
  silentHazard({
    id: 'search-path-without-public',
    title: 'The search_path of the target database lacks the schema of the subject',
    applies: (trial, _, { subject }) => {
      const path = databaseSetting(trial, 'search_path');
      const { installed } = subject;
      const lost = path === undefined && trial.target.kind === 'fresh' && installed?.outOfSight === true;
      const elsewhere = path !== undefined && path !== 'public';
      return subject.names === 'search-path' && (lost || elsewhere);
    },
    verdict: 'drifted',
    seenBy: ['verify-clean', 'append-continues'],
    spares: ['row-bytes'],
    what: 'Functions and triggers name tables and digest() without their schema; settings of a database are not part of its dump (only of pg_dump --create and pg_dumpall), so that the target’s own search_path decides what is found. Of ALTER DATABASE … SET search_path, a list in one pair of quotes is one name, and no schema has it.',
    advice: 'Carry the database’s settings over (`pg_dump --create`), and pin search_path in every function.',
  }),
];

function withoutTables(trial: Case, { subject }: World): boolean {
  const { dump, restore } = trial;
  if (dump.parts !== undefined && rolledBack(trial) && restoresEvents(trial, subject)) return true;
  const sections = [...valuesOf(restore, '--section'), ...valuesOf(dump, '--section')];
  if (sections.length > 0 && !sections.includes('pre-data')) return true;
  return dataOnly(trial) || (restore.tool !== 'psql' && gives(restore, '--data-only'));
}
