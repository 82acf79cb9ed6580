import { oneOf } from './chance.ts';
import { dumping, inTurn, restoring, restoringUnder, type Change } from './change-case.ts';
import { ARCHIVES, SCRIPT, type Recipe } from './recipe.ts';
import type { World } from './world.ts';

/** pg_dump heeds `--disable-triggers` in a script; in an archive it is for pg_restore to say. */
const triggersDisabled: Change = (trial) =>
  (trial.dump.format === 'plain' ? dumping : restoring)({}, ['--disable-triggers'])(trial);
const asReplica = restoringUnder('PGOPTIONS', '-c session_replication_role=replica');
const asItIs: Change = (trial) => trial;

const DATA_ONLY = dumping({}, ['--data-only']);
const withoutHead = ({ subject }: World): Change =>
  dumping({}, ['--data-only', `--exclude-table-data=${subject.tables.head}`]);
const YIELDING = dumping({}, ['--data-only', '--inserts', '--on-conflict-do-nothing']);

const INTO_PREPARED: Pick<Recipe, 'features' | 'without'> = {
  features: ['prepared'],
  without: ['clean', 'target-encoding'],
};

/** Data on their way into tables that are there. */
export function restoreRecipes(world: World): Recipe[] {
  return [...intoTheSubject(world), ...pastTriggers(world), ...intoNothing, ...byPsql];
}

const intoTheSubject = (world: World): Recipe[] => [
  {
    hazard: 'objects-already-there',
    features: ['prepared'],
    without: ['target-encoding'],
    change: oneOf([asItIs]),
  },
  { hazard: 'head-already-there', ...INTO_PREPARED, change: oneOf([DATA_ONLY]) },
  {
    hazard: 'head-not-replaced',
    possible: world.superuser,
    ...INTO_PREPARED,
    change: oneOf(
      [withoutHead(world), YIELDING].flatMap((without) =>
        [triggersDisabled, triggersDisabled, asReplica].map((change) => inTurn(without, change)),
      ),
    ),
  },
];

/** Triggers refuse the rows, each in its way, or are disabled. */
function pastTriggers(world: World): Recipe[] {
  const { subject, superuser } = world;
  const apart: Pick<Recipe, 'workload' | 'features' | 'without'> = {
    workload: { minRows: 1 },
    features: ['schema-and-data'],
    without: ['target-encoding'],
  };
  const always = subject.triggers === 'always';
  const hazard = always ? 'triggers-refuse-data' : 'triggers-fire-on-data';
  return [
    {
      hazard,
      ...INTO_PREPARED,
      workload: { minRows: 1 },
      change: oneOf([withoutHead(world), YIELDING]),
    },
    { hazard, ...apart, change: oneOf([asItIs]) },
    { hazard, ...apart, possible: superuser, change: oneOf([asItIs, triggersDisabled, asReplica]) },
    {
      hazard: 'always-triggers-become-ordinary',
      possible: always && superuser,
      ...apart,
      change: oneOf([triggersDisabled]),
    },
  ];
}

const intoNothing: readonly Recipe[] = [
  { hazard: 'nothing-to-restore-into', features: ['part'], without: ['clean'], change: oneOf([DATA_ONLY]) },
  {
    hazard: 'nothing-to-restore-into',
    formats: ARCHIVES,
    features: ['part'],
    without: ['clean'],
    change: oneOf([restoring({}, ['--data-only']), restoring({}, ['--section=data'])]),
  },
];

const byPsql: readonly Recipe[] = [
  {
    hazard: 'single-line-mode',
    formats: SCRIPT,
    without: ['go-on'],
    change: oneOf([restoring({}, ['--set=SINGLELINE=on'])]),
  },
  {
    hazard: 'single-line-mode-gone-past',
    formats: SCRIPT,
    without: ['single-transaction'],
    change: oneOf([
      restoring({ go_on_after_errors: true }, ['--set=SINGLELINE=on']),
      restoring({}, ['--set=SINGLELINE=on', '--set=ON_ERROR_STOP=off']),
    ]),
  },
  {
    hazard: 'autocommit-off',
    formats: SCRIPT,
    without: ['create'],
    change: oneOf([restoring({}, ['--set=AUTOCOMMIT=off'])]),
  },
];
