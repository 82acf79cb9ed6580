import { expect, test } from 'vitest';
import { caseFacts } from '../case/case-facts.ts';
import type { Case } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import type { World } from '../case/world.ts';
import { auditChain } from '../subject/audit-chain.ts';
import type { CheckId, CheckResult } from './check.ts';
import { predict } from './predict.ts';
import { surpriseIn } from './surprise.ts';

const version = { major: 15, minor: 18, text: '15.18' };
const world: World = {
  subject: auditChain.traits,
  server: version,
  tools: version,
  compression: ['gzip'],
  locales: ['C'],
  icu: true,
  superuser: true,
};

type Shown = Parameters<typeof surpriseIn>[1];

function surprise(change: Partial<Case>, shown: Partial<Shown>): string | undefined {
  const trial = { ...smokeCase(2), ...change };
  const facts = caseFacts(trial.workload, world.subject);
  const prediction = predict(trial, facts, world);
  return surpriseIn({ trial, facts, world, prediction }, { verdict: 'faithful', checks: [], ...shown });
}

const refused = (stage: 'pg_dump' | 'pg_restore' | 'psql', firstErrorLine: string): Partial<Shown> => ({
  verdict: 'refused',
  refusal: { stage, firstErrorLine, exitCode: 1, signal: undefined },
});
const failing = (...ids: CheckId[]): CheckResult[] =>
  ids.map((id) => ({ id, outcome: 'failed', summary: 'differs' }));

const TAR = { dump: { format: 'tar', compress: '6' } } as const;
const tarSays = 'pg_dump: error: compression is not supported by tar archive format';

const textOf = (actor: string): Case['workload'] => ({
  transactions: smokeCase(1).workload.transactions.map((transaction) => ({
    ...transaction,
    statements: transaction.statements.map((statement) => ({
      ...statement,
      events: statement.events.map((event) => ({ ...event, actor })),
    })),
  })),
});
const LONG = {
  workload: textOf('é'.repeat(200)),
  target: { kind: 'fresh', encoding: 'SQL_ASCII', provider: 'libc', locale: 'C' },
} as const;

const PREPARED = {
  dump: { format: 'custom', options: ['--data-only'] },
  restore: { tool: 'pg_restore', jobs: 2 },
  target: { kind: 'fresh', prepared: true },
} as const;
const headSays = 'ERROR:  duplicate key value violates unique constraint "audit_chain_head_pkey"';
const triggerSays = 'ERROR:  relation "audit_chain_head" does not exist';

test('what is as predicted is no surprise', () => {
  expect(surprise({}, {})).toBeUndefined();
  expect(surprise(TAR, refused('pg_dump', tarSays))).toBeUndefined();
  expect(surprise(PREPARED, refused('pg_restore', headSays))).toBeUndefined();
});

test('another verdict is, and says why', () => {
  expect(surprise({}, refused('psql', 'psql: error: no'))).toBe(
    'faithful was predicted, and the trial was refused: psql: error: no',
  );
});

test('a refusal by another tool than the predicted one is, whatever it says', () => {
  expect(surprise(TAR, refused('pg_restore', tarSays))).toContain('another tool refused than was predicted');
  expect(surprise(PREPARED, refused('pg_dump', headSays))).toContain('another tool refused');
  expect(surprise(PREPARED, refused('psql', headSays))).toContain('another tool refused');
});

test('of a script, psql meets what the server refuses, and pg_restore what is not in the archive', () => {
  const restore = { tool: 'script', by_section: true } as const;
  const names = { restore: { ...restore, options: ['--strict-names', '--table=audit_events'] } };
  const namesSay = 'pg_restore: error: table "audit_events" not found';
  expect(surprise(names, refused('pg_restore', namesSay))).toBeUndefined();
  expect(surprise(names, refused('psql', namesSay))).toContain('another tool refused');
  const prepared = { ...PREPARED, restore: { tool: 'script' } as const };
  expect(surprise(prepared, refused('psql', headSays))).toBeUndefined();
  expect(surprise(prepared, refused('pg_restore', headSays))).toContain('another tool refused');
});

test('a refusal in other words is', () => {
  expect(surprise(TAR, refused('pg_dump', 'pg_dump: error: out of memory'))).toContain('for another reason');
  expect(surprise(PREPARED, refused('pg_restore', 'ERROR:  syntax error'))).toContain('for another reason');
});

test('workers of a parallel restore may tell any error of theirs first, and no error of the sections before', () => {
  const serial = { ...PREPARED, restore: { tool: 'pg_restore' } } as const;
  expect(surprise(PREPARED, refused('pg_restore', triggerSays))).toBeUndefined();
  expect(surprise(serial, refused('pg_restore', triggerSays))).toContain('for another reason');
  const whole = { ...PREPARED, dump: { format: 'custom' } } as const;
  expect(surprise(whole, refused('pg_restore', 'ERROR:  function "f" already exists'))).toBeUndefined();
  expect(surprise(whole, refused('pg_restore', headSays))).toContain('for another reason');
});

test('an invalid byte sequence is predicted in the encoding of the dump, and in no other', () => {
  const says = (encoding: string): string => `ERROR:  invalid byte sequence for encoding "${encoding}": 0xe9`;
  expect(surprise(LONG, refused('pg_restore', says('UTF8')))).toBeUndefined();
  expect(surprise(LONG, refused('pg_restore', says('EUC_JP')))).toContain('for another reason');
});

test('a missing character is predicted of one encoding', () => {
  const says = (encoding: string): string =>
    `ERROR:  character … has no equivalent in encoding "${encoding}"`;
  const narrow = { ...LONG, workload: textOf('漢'), target: { ...LONG.target, encoding: 'LATIN1' } };
  expect(surprise(narrow, refused('pg_restore', says('LATIN1')))).toBeUndefined();
  expect(surprise(narrow, refused('pg_restore', says('WIN1252')))).toContain('for another reason');
});

test('single-line mode breaks functions, and explains no other error', () => {
  const line = {
    dump: { format: 'plain' },
    restore: { tool: 'psql', options: ['--set=SINGLELINE=on'] },
  } as const;
  expect(surprise(line, refused('psql', 'psql:x:27: ERROR:  no function body specified'))).toBeUndefined();
  expect(surprise(line, refused('psql', 'psql:x:27: ERROR:  permission denied'))).toContain('another reason');
});

test('a silent hazard is to be seen by its checks, and spares others', () => {
  const asleep = { target: { kind: 'fresh', settings: { session_replication_role: 'replica' } } } as const;
  const shown = (...ids: CheckId[]): Partial<Shown> => ({ verdict: 'drifted', checks: failing(...ids) });
  expect(surprise(asleep, shown('worm-enforced'))).toBeUndefined();
  expect(surprise(asleep, shown('verify-clean'))).toContain('none of the checks reports the hazard');
  expect(surprise(asleep, shown('worm-enforced', 'schema'))).toContain('does not explain that schema fails');
});
