import { expect, test } from 'vitest';
import type { Finding } from './property.ts';
import { signatureOf } from './signature.ts';

const FINDING: Finding = {
  summary: 'rows differ',
  expected: 'faithful',
  verdict: 'lossy',
  failed: ['row-bytes', 'chain-head'],
  checks: [],
};

test('a signature is a file name that says what it is', () => {
  expect(signatureOf('formats-agree', FINDING)).toMatch(/^formats-agree--lossy--row-bytes--[0-9a-f]{6}$/);
});

test('the order of the checks and the words of the summary do not matter', () => {
  const other: Finding = { ...FINDING, summary: 'something else', failed: ['chain-head', 'row-bytes'] };
  expect(signatureOf('p', other)).toBe(signatureOf('p', FINDING));
});

test.each<[string, Partial<Finding>]>([
  ['other checks', { failed: ['row-bytes'] }],
  ['another verdict', { verdict: 'drifted' }],
  ['another stage', { stage: 'pg_restore' }],
  ['another error', { errorLine: 'pg_restore: error: out of memory' }],
])('%s make another finding', (_, change) => {
  expect(signatureOf('p', { ...FINDING, ...change })).not.toBe(signatureOf('p', FINDING));
});

test('another sort of change in the schema makes another finding, another name does not', () => {
  const lost = (summary: string, ...changes: string[]): string =>
    signatureOf('p', {
      ...FINDING,
      verdict: 'drifted',
      failed: ['schema'],
      checks: [{ id: 'schema', outcome: 'failed', summary, changes }],
    });
  expect(lost('trigger b on t: missing', 'trigger missing')).toBe(
    lost('trigger a on t: missing', 'trigger missing'),
  );
  expect(lost('trigger a on t: missing', 'trigger missing')).not.toBe(
    lost('comment on t: missing', 'comment missing'),
  );
});

test('another property makes another finding', () => {
  expect(signatureOf('q', FINDING)).not.toBe(signatureOf('p', FINDING));
});

test('names and numbers in an error line do not make another finding', () => {
  const [one, other] = ['relation "a" at /tmp/x/1 in line 7', 'relation "b" at /var/y/22 in line 12'].map(
    (errorLine) => signatureOf('p', { ...FINDING, errorLine }),
  );
  expect(one).toBe(other);
});

test('a walk cut short by a break is part of the break', () => {
  const clean: Finding = { ...FINDING, failed: ['verify-clean'] };
  expect(signatureOf('p', { ...clean, failed: ['verify-clean', 'verify-walked'] })).toBe(
    signatureOf('p', clean),
  );
  expect(signatureOf('p', { ...clean, failed: ['verify-walked'] })).not.toBe(signatureOf('p', clean));
});
