import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Case } from './case/case.ts';
import { smokeCase } from './case/smoke-case.ts';
import { openRun, type Run } from './postgres/run-databases.ts';
import { openThrowawayDirectory } from './postgres/throwaway-directory.ts';
import { roundTrip } from './round-trip.ts';
import type { TrialPlace } from './trial-place.ts';
import { auditChain } from './subject/audit-chain.ts';
import { subjectTemplate } from './test-subjects.ts';
import { testEngine, testTools } from './testing.ts';
import type { CheckId } from './verdict/check.ts';
import type { TrialResult } from './verdict/trial-result.ts';

let run: Run;

beforeAll(async () => {
  run = await openRun(testEngine());
});
afterAll(() => run[Symbol.asyncDispose]());

/** One trial on a database of its own. */
async function tryCase(trial: Case, change: Partial<TrialPlace> = {}): Promise<TrialResult> {
  await using directory = await openThrowawayDirectory();
  await using database = await run.create({ template: subjectTemplate(auditChain) });
  return await roundTrip(trial, {
    tools: testTools(),
    database: database.settings,
    maintenance: inject('server').settings,
    createTarget: (options) => run.create(options),
    subject: auditChain,
    directory: directory.path,
    ...change,
  });
}

/** The smoke cycle with a fault done to the restored database. */
function withFault(sql: string): Promise<TrialResult> {
  return tryCase(smokeCase(), { disturb: async (connection) => void (await connection.query(sql)) });
}

function failedChecks({ checks }: TrialResult): CheckId[] {
  return checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
}

const BEHIND_TRIGGERS = (sql: string): string =>
  `ALTER TABLE audit_events DISABLE TRIGGER USER; ${sql}; ALTER TABLE audit_events ENABLE TRIGGER USER`;
const VERIFIER = (body: string): string => `CREATE OR REPLACE FUNCTION audit_events_verify_chain(
  OUT first_break_id text, OUT first_break_pos integer, OUT row_count integer)
  LANGUAGE sql STABLE AS $$ ${body} $$`;
const LAST = `id = (SELECT max(id) FROM audit_events)`;

test('the fixed cycle is faithful, and every check holds', async () => {
  const result = await tryCase(smokeCase());
  expect(result.checks.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
    'row-count held',
    'chain-head held',
    'verify-clean held',
    'verify-walked held',
    'row-bytes held',
    'chain-recomputed held',
    'schema held',
    'append-continues held',
    'worm-enforced held',
    'tamper-seen held',
    'second-dump-equal held',
  ]);
  expect(result.verdict).toBe('faithful');
  expect(result.restored?.row_count).toBe(24);
});

// The value was computed apart from this code, by another language's SHA-256 over the payloads as text.
test('the fixed cycle keeps its chain head', async () => {
  const result = await tryCase(smokeCase());
  expect(result.source.chain_head_hash).toBe(
    '6bc51000158159c2baa4d08d531b89c3698765ca27ce49933932eaa95e767eec',
  );
});

describe('each check reports a fault done to the restored database', () => {
  test.each<[CheckId, string, TrialResult['verdict'], string]>([
    ['row-count', BEHIND_TRIGGERS(`DELETE FROM audit_events WHERE ${LAST}`), 'lossy', 'number of rows'],
    ['chain-head', 'UPDATE audit_chain_head SET row_hash = upper(row_hash)', 'lossy', 'head differs'],
    [
      'verify-clean',
      BEHIND_TRIGGERS(`UPDATE audit_events SET actor = 'x' WHERE ${LAST}`),
      'lossy',
      'not say clean',
    ],
    ['verify-walked', VERIFIER('SELECT NULL, -1, 23'), 'drifted', 'walk every row'],
    [
      'row-bytes',
      `UPDATE audit_chain_head SET updated_at = updated_at + interval '1 microsecond'`,
      'lossy',
      'table public.audit_chain_head: row 1 (1): column updated_at differs',
    ],
    [
      'chain-recomputed',
      `${VERIFIER('SELECT NULL, -1, 24')}; ${BEHIND_TRIGGERS(`UPDATE audit_events SET actor = 'x' WHERE ${LAST}`)}`,
      'lossy',
      'no chain',
    ],
    ['schema', 'DROP INDEX idx_audit_events_actor', 'drifted', 'idx_audit_events_actor'],
    [
      'append-continues',
      'ALTER TABLE audit_events DISABLE TRIGGER audit_events_hash_chain_trigger',
      'drifted',
      'append',
    ],
    [
      'worm-enforced',
      'ALTER TABLE audit_events DISABLE TRIGGER audit_events_worm_trigger',
      'drifted',
      'UPDATE',
    ],
    [
      'tamper-seen',
      VERIFIER('SELECT NULL, -1, (SELECT count(*)::int FROM audit_events)'),
      'drifted',
      'does not see',
    ],
    [
      'second-dump-equal',
      'CLUSTER audit_events USING idx_audit_events_actor',
      'drifted',
      'dumps differ from line',
    ],
  ])('%s', async (id, fault, verdict, words) => {
    const result = await withFault(fault);
    expect(failedChecks(result)).toContain(id);
    expect(result.verdict).toBe(verdict);
    const check = result.checks.find((candidate) => candidate.id === id);
    expect(check?.summary).toContain(words);
    expect(check?.source).not.toBe(check?.restored);
  });
});

describe('row-bytes names the first differing row and column', () => {
  test.each([
    [
      'a changed microsecond',
      `UPDATE audit_events SET "timestamp" = "timestamp" + interval '1 microsecond' WHERE id = 'audit-000007'`,
      'row 7 ("audit-000007"): column timestamp differs',
      '2026-01-05 07:00:00.000006+00',
      '2026-01-05 07:00:00.000007+00',
    ],
    [
      'a number’s scale',
      `UPDATE audit_events SET details = '{"sequence": 3.0, "note": "fixed cycle"}' WHERE id = 'audit-000003'`,
      'row 3 ("audit-000003"): column details differs',
      '{"note": "fixed cycle", "sequence": 3}',
      '{"note": "fixed cycle", "sequence": 3.0}',
    ],
    [
      'a lost row',
      `DELETE FROM audit_events WHERE id = 'audit-000002'`,
      'row 2',
      'row "audit-000002"',
      'row "audit-000003"',
    ],
    [
      'NULL instead of text',
      `UPDATE audit_events SET details = NULL WHERE id = 'audit-000001'`,
      'row 1 ("audit-000001"): column details differs',
      '{"note": "fixed cycle", "sequence": 1}',
      'NULL',
    ],
  ])('%s', async (_, fault, words, source, restored) => {
    const result = await withFault(BEHIND_TRIGGERS(fault));
    const check = result.checks.find(({ id }) => id === 'row-bytes');
    expect(check).toMatchObject({ outcome: 'failed', source, restored });
    expect(check?.summary).toContain(words);
  });
});

test('rows in another order under the same keys are the same rows, also without the primary key', async () => {
  const result = await withFault('ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey');
  expect(result.checks.find(({ id }) => id === 'row-bytes')?.outcome).toBe('held');
  expect(failedChecks(result)).toContain('schema');
});

test('a table that is gone and a table that was added are told', async () => {
  const gone = await withFault('DROP TABLE audit_chain_head');
  expect(gone.checks.find(({ id }) => id === 'row-bytes')?.summary).toContain(
    'public.audit_chain_head is gone',
  );
  const added = await withFault('CREATE TABLE more (i integer)');
  expect(added.checks.find(({ id }) => id === 'row-bytes')?.summary).toContain('public.more was not there');
});

test('a tool that exits non-zero is a refusal with its stage, code and first error line', async () => {
  const dumped = await tryCase({
    ...smokeCase(1),
    dump: { format: 'custom', options: ['--schema=nowhere'] },
  });
  expect(dumped.verdict).toBe('refused');
  expect(dumped.refusal).toMatchObject({ stage: 'pg_dump', exitCode: 1 });
  expect(dumped.refusal?.firstErrorLine).toContain('no matching schemas were found');
  const restored = await tryCase({
    ...smokeCase(1),
    restore: { tool: 'pg_restore', options: ['--role=nobody-at-all'] },
  });
  expect(restored.refusal).toMatchObject({ stage: 'pg_restore', exitCode: 1 });
});

test('a chain that does not verify before the dump is source-invalid, and nothing is dumped', async () => {
  const trial = smokeCase(2);
  const swapped = trial.workload.transactions.map(({ statements }) => ({
    statements: statements.map((statement) => ({ ...statement, events: statement.events.toReversed() })),
  }));
  const result = await tryCase({ ...trial, workload: { transactions: swapped } });
  expect(result.verdict).toBe('source-invalid');
  expect(result.steps.map(({ name }) => name)).toEqual(['workload', 'source snapshot']);
});

test('an empty table goes round, and the acts find a row to act upon', async () => {
  const trial = { ...smokeCase(1), workload: { transactions: [] } };
  const result = await tryCase(trial);
  expect(result.verdict).toBe('faithful');
  expect(result.checks.find(({ id }) => id === 'worm-enforced')?.outcome).toBe('held');
  expect(result.checks.find(({ id }) => id === 'tamper-seen')?.outcome).toBe('held');
});

test('the disturbance of a case is done before anybody looks', async () => {
  const result = await tryCase({
    ...smokeCase(2),
    disturbance: { sql: 'DROP INDEX idx_audit_events_actor; DROP INDEX idx_audit_events_action' },
  });
  expect(failedChecks(result)).toEqual(['schema', 'second-dump-equal']);
  await expect(tryCase({ ...smokeCase(1), disturbance: { sql: 'DROP TABLE nowhere' } })).rejects.toThrow(
    'the disturbance of the case could not be carried out',
  );
});

test('a restored database that cannot be dumped again is a failed check, not a refusal', async () => {
  const result = await tryCase({
    ...smokeCase(1),
    dump: { format: 'custom', options: ['--schema=public', '--extension=pgcrypto'] },
    // A dump of schemas by name has CREATE SCHEMA public in it, which a new database has as well.
    restore: { tool: 'pg_restore', clean: true },
    disturbance: { sql: 'DROP SCHEMA public CASCADE' },
  });
  expect(result.verdict).toBe('lossy');
  expect(result.checks.find(({ id }) => id === 'second-dump-equal')).toMatchObject({
    outcome: 'failed',
    restored: 'pg_dump: error: no matching schemas were found',
  });
});

test('a trial that is not thorough leaves out the second dump and the acts', async () => {
  const result = await tryCase(smokeCase(1), { thorough: false });
  expect(result.verdict).toBe('faithful');
  expect(result.checks.filter(({ outcome }) => outcome === 'left-out').map(({ id }) => id)).toEqual([
    'append-continues',
    'worm-enforced',
    'tamper-seen',
    'second-dump-equal',
  ]);
});

test('a second dump is compared without what the restore left behind by its own words', async () => {
  const trial = smokeCase(1);
  const sql = `COMMENT ON TABLE audit_events IS 'commented'; GRANT SELECT ON audit_events TO PUBLIC`;
  const settled = { ...trial, dump: { format: 'custom' as const }, disturbance: { sql } };
  expect(failedChecks(await tryCase(settled))).toEqual(['schema', 'second-dump-equal']);
  const options = ['--no-comments', '--no-acl'];
  const left = await tryCase({ ...settled, restore: { tool: 'pg_restore', options } });
  expect(failedChecks(left)).toEqual([]);
});
