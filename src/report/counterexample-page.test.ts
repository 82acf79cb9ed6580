import { expect, test } from 'vitest';
import { smokeCase } from '../case/smoke-case.ts';
import type { Case } from '../case/case.ts';
import type { ReportedFinding } from '../fuzz/outcome.ts';
import { counterexamplePage, type PageOrigin } from './counterexample-page.ts';

const ORIGIN = { program: 'restoreproof', draw: '--seed 7 --explore', server: '15.18', tools: '16.2' };

function page(
  change: Partial<Case> = {},
  found: Partial<ReportedFinding> = {},
  origin: Partial<PageOrigin> = {},
): string {
  const trial: Case = {
    ...smokeCase(1),
    dump: { format: 'custom' },
    restore: { tool: 'pg_restore' },
    target: { kind: 'wiped' },
    ...change,
  };
  return counterexamplePage(
    {
      signature: 'a-property--lossy--row-bytes--1f2e3d',
      property: 'a-property',
      origin: { index: 12 },
      finding: {
        summary: 'rows differ | in `one` place',
        expected: 'faithful',
        verdict: 'lossy',
        failed: ['row-bytes'],
        checks: [
          { id: 'row-count', outcome: 'held', summary: 'one row' },
          {
            id: 'row-bytes',
            outcome: 'failed',
            summary: 'column actor differs',
            source: 'a\u202eb```',
            restored: 'x'.repeat(300),
          },
        ],
      },
      shrunk: { trial, trials: 30, end: 'minimal' },
      original: trial,
      directory: 'counterexamples/here',
      reproduced: true,
      ...found,
    },
    { ...ORIGIN, ...origin },
  );
}

test('says what was found, what was expected, and both values of the checks that failed', () => {
  const text = page();
  expect(text).toMatch(/^# a-property--lossy--row-bytes--1f2e3d\n\nrows differ \\\| in \\`one\\` place\n/);
  expect(text).toContain(
    '| found by | `restoreproof fuzz --seed 7 --explore --case 12`, unshrunk in `unshrunk.json` |',
  );
  expect(text).toContain('| server | PostgreSQL 15.18 |\n| client tools | 16.2 |');
  expect(text).toContain('## Expected\n\nfaithful\n\n## Seen\n\n**lossy**\n');
  expect(text).toContain(
    '`row-bytes` failed: column actor differs\n\n````\nsource:   a\\u202eb```\nrestored: xxx',
  );
  expect(text).toContain('… (300 characters)\n````');
  expect(text).not.toContain('row-count');
});

test('tells the rows, and that no option is unusual', () => {
  const text = page();
  expect(text).toContain(
    '1 row written in 1 transaction:\n\n```\nrow 1\n  id: "audit-000001"\n  actor: "scheduler"\n',
  );
  expect(text).toContain(
    '  timestamp: 2026-01-05 07:00:00.000000+00\n```\n\n- every option as it is by default\n',
  );
});

test('tells only options that are away from their defaults', () => {
  const text = page({
    workload: { session: { TimeZone: 'UTC' }, transactions: [] },
    dump: { format: 'plain', rows: 5, options: ['--no-owner'], environment: { PGTZ: 'Asia/Tokyo' } },
    restore: { tool: 'psql', single_transaction: true, clean: false },
    target: { kind: 'fresh', encoding: 'LATIN1', settings: { DateStyle: 'SQL, DMY' } },
  });
  expect(text).toContain('0 rows written in 0 transactions, written under TimeZone = "UTC".');
  expect(text.match(/^- .*$/gm)).toEqual([
    '- dumped in the plain format',
    '- rows as INSERTs of 5',
    '- further options of pg_dump: `--no-owner`',
    '- pg_dump runs under `PGTZ=Asia/Tokyo`',
    '- restored in a single transaction',
    '- restored into a fresh database: encoding LATIN1, `DateStyle = SQL, DMY`',
  ]);
});

test('shows the first rows of many', () => {
  const text = page({ workload: smokeCase(25).workload });
  expect(text).toContain('row 20\n');
  expect(text).toContain('\n… and 5 more\n');
});

test('tells a refusal by its first error line', () => {
  const { finding } = { finding: { summary: 's', expected: 'e', failed: [], checks: [] } };
  const text = page(
    {},
    { finding: { ...finding, verdict: 'refused', stage: 'pg_dump', errorLine: 'no [such] file' } },
  );
  expect(text).toContain('**refused** at pg_dump\n\n```\nno [such] file\n```\n');
});

test('tells how to see it again, to shrink it and to keep it', () => {
  const text = page();
  expect(text).toContain('\nrestoreproof replay counterexamples/here\n');
  expect(text).toContain(' sh counterexamples/here/repro.sh\n');
  expect(text).toContain('`restoreproof shrink counterexamples/here/case.json`');
  expect(text).toContain('`properties/corpus/`');
});

test.each([
  [true, 'It failed the same way'],
  [false, 'did not fail the same way'],
  [undefined, 'not run to its end'],
])('says where the script has been run: %s', (reproduced, words) => {
  expect(page({}, { reproduced })).toContain(words);
});

test('says that the case carries a fault done on purpose', () => {
  expect(page({ disturbance: { sql: 'SELECT 1' } })).toContain(
    '\n\nThe case carries a fault done on purpose',
  );
  expect(page()).toContain('by default\n\n## Again');
});

test('promises no script where what was done on purpose takes more than SQL', () => {
  const disturbance = { mutant: 'older-backup' };
  const text = page({ disturbance }, { reproduced: undefined }, { scripted: false });
  expect(text).toContain('- on purpose, the mutant `older-backup`');
  expect(text).toContain('There is no script that shows it without restoreproof');
  expect(text).not.toContain('repro.sh');
  expect(text).not.toContain('disturbance.sql');
});
