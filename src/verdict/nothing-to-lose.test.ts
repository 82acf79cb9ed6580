import { expect, test } from 'vitest';
import type { Case, DumpPlan, RestorePlan } from '../case/case.ts';
import { caseFacts } from '../case/case-facts.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { hardened } from '../subject/hardened.ts';
import type { Subject } from '../subject/subject.ts';
import { testEngine } from '../testing.ts';
import { Lane } from '../fuzz/lane.ts';
import { withGround } from '../fuzz/with-ground.ts';
import { predict } from './predict.ts';

type Dump = Partial<DumpPlan>;
type Restore = Partial<RestorePlan>;

const HEAD = `--exclude-table-data=${hardened.traits.tables.head}`;
const WHOLE: Dump = {};
const DATA: Dump = { options: ['--data-only'] };
const YIELDING: Dump = { options: ['--data-only', '--inserts', '--on-conflict-do-nothing'] };
const DISABLING: Dump = { options: ['--data-only', '--disable-triggers'] };
const PAST_HEAD: Dump = { options: [...(YIELDING.options ?? []), '--disable-triggers'] };

const GO_ON: Restore = { go_on_after_errors: true };
const IN_ONE: Restore = { ...GO_ON, single_transaction: true };
const READ_ONLY: Restore = { ...GO_ON, environment: { PGOPTIONS: '-c default_transaction_read_only=on' } };
const UNCOMMITTED: Restore = { options: ['--set=AUTOCOMMIT=off'] };
const BY_LINES: Restore = { options: ['--set=SINGLELINE=on'] };

function trialOf(dump: Dump, restore: Restore, rows = 0): Case {
  return {
    ...smokeCase(rows),
    ...(rows === 0 ? { workload: { transactions: [] } } : {}),
    dump: { format: 'plain', ...dump },
    restore: { tool: 'psql', ...restore },
    target: { kind: 'fresh', prepared: true },
  };
}

/** Predicted and seen, of trials into a target that the subject was installed into. */
async function shown(subject: Subject, trials: readonly Case[]): Promise<string[][]> {
  return await withGround(testEngine(), { chosen: { subject, description: 'of a test' } }, async (ground) => {
    await using lane = new Lane(ground, subject.name, { sharing: true });
    const all: string[][] = [];
    for (const trial of trials) {
      const { verdict } = predict(trial, caseFacts(trial.workload, subject.traits), ground.world);
      all.push([verdict, (await lane.roundTrip(trial)).verdict]);
    }
    return all;
  });
}

// The head of no events is installed with the bytes that the source has, so that a restore that fails loses nothing.
const OF_HARDENED: readonly (readonly [string, Dump, Restore])[] = [
  ['faithful', WHOLE, GO_ON],
  ['faithful', WHOLE, IN_ONE],
  ['faithful', WHOLE, READ_ONLY],
  ['faithful', WHOLE, { ...GO_ON, ...BY_LINES }],
  ['faithful', { options: ['--schema-only'] }, GO_ON],
  ['faithful', { options: ['--table=audit_*'] }, GO_ON],
  ['faithful', { options: ['--exclude-table=audit_log_head'] }, GO_ON],
  ['faithful', DATA, GO_ON],
  ['faithful', { options: ['--data-only', HEAD] }, {}],
  ['faithful', YIELDING, {}],
  ['faithful', YIELDING, UNCOMMITTED],
  ['faithful', YIELDING, BY_LINES],
  ['faithful', WHOLE, { ...UNCOMMITTED, clean: true }],
  ['faithful', WHOLE, { ...IN_ONE, ...BY_LINES, clean: true }],
  // What fails is made anew.
  ['drifted', WHOLE, { ...GO_ON, ...BY_LINES, clean: true }],
  // The script ends with ENABLE TRIGGER ALL; where all is rolled back, it does not come to that.
  ['drifted', DISABLING, GO_ON],
  ['faithful', DISABLING, IN_ONE],
  ['drifted', PAST_HEAD, IN_ONE],
  ['drifted', PAST_HEAD, { ...IN_ONE, ...BY_LINES }],
  ['faithful', PAST_HEAD, READ_ONLY],
  // psql stops.
  ['refused', WHOLE, {}],
  ['refused', DATA, {}],
];

test('without events, a subject whose first head is always the same has nothing to lose', async () => {
  const trials = OF_HARDENED.map(([, dump, restore]) => trialOf(dump, restore));
  expect(await shown(hardened, trials)).toEqual(OF_HARDENED.map(([verdict]) => [verdict, verdict]));
});

test('with one event it has, and so has a subject whose first head tells the time', async () => {
  const plans = [
    [WHOLE, GO_ON],
    [WHOLE, IN_ONE],
    [WHOLE, READ_ONLY],
    [DATA, GO_ON],
    [PAST_HEAD, UNCOMMITTED],
  ] as const;
  const lossy = plans.map(() => ['lossy', 'lossy']);
  expect(
    await shown(
      hardened,
      plans.map(([dump, restore]) => trialOf(dump, restore, 1)),
    ),
  ).toEqual(lossy);
  expect(
    await shown(
      auditChain,
      plans.map(([dump, restore]) => trialOf(dump, restore)),
    ),
  ).toEqual(lossy);
});
