import { expect, test } from 'vitest';
import type { ToolRun } from '../postgres/client-tools.ts';
import { exhaustionOf } from './refusal.ts';

function ended(stderr: string, signal?: string): ToolRun {
  const exitCode = signal === undefined ? 1 : undefined;
  return { tool: 'pg_dump', argv: [], exitCode, signal, stdout: '', stderr, milliseconds: 1 };
}

test.each([
  ['pg_dump: error: out of memory', 'out of memory'],
  [
    'pg_restore: error: could not execute query: ERROR:  could not extend file "base/1/2": No space left on device',
    'No space',
  ],
  ['x\npg_dump: error: could not write to output file: File too large\n', 'could not write to output file'],
  ['FATAL:  sorry, too many clients already', 'too many clients'],
])('%s says nothing about the plan', (stderr, why) => {
  expect(exhaustionOf(ended(stderr))).toContain(why);
});

test('nor does a tool that was killed; what it says otherwise does', () => {
  expect(exhaustionOf(ended('', 'SIGKILL'))).toBe(
    'pg_dump was killed (SIGKILL), as the system does where memory runs out',
  );
  expect(exhaustionOf(ended('', 'SIGSEGV'))).toBeUndefined();
  expect(exhaustionOf(ended('pg_restore: error: did not find magic string in file header'))).toBeUndefined();
});
