import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { home, sharedUrl, type Home } from './test-program.ts';

const EXAMPLE = join(packageRoot, 'docs/subjects');

/** The example of the documentation, with changes to its description and its SQL. */
function ledger(at: Home, change: (text: string) => string = (text) => text, sql = ''): string {
  mkdirSync(join(at.directory, 'ledger'));
  const file = join(at.directory, 'ledger', 'ledger.yaml');
  writeFileSync(file, change(readFileSync(join(EXAMPLE, 'ledger.yaml'), 'utf8')));
  copyFileSync(join(EXAMPLE, 'ledger.sql'), join(at.directory, 'ledger', 'ledger.sql'));
  writeFileSync(join(at.directory, 'ledger', 'ledger.sql'), sql, { flag: 'a' });
  return 'ledger/ledger.yaml';
}

const checks = (out: readonly string[]): string[] =>
  out.flatMap((line) => /^ {2}(held|FAILED|left out) +(\S+)/.exec(line)?.slice(1, 3).join(' ') ?? []);

describe.concurrent('a described subject', () => {
  test('is smoked: what it does not tell is left out, and said to be', async () => {
    await using at = await home();
    const ended = await at.run(['smoke', '--subject', ledger(at), '--url', sharedUrl()]);
    expect(ended).toMatchObject({ exitCode: 0, err: [] });
    expect(checks(ended.out).filter((line) => !line.startsWith('held'))).toEqual([
      'left out chain-recomputed',
    ]);
    expect(ended.out.join('\n')).toContain('not applicable: the subject does not tell what is hashed');
  });

  test('is fuzzed, a fault is found and written down, and replayed from its file alone', async () => {
    await using at = await home();
    writeFileSync(
      join(at.directory, 'fault.sql'),
      `ALTER TABLE finance.entries DISABLE TRIGGER USER; UPDATE finance.entries SET memo = memo || '.';
       ALTER TABLE finance.entries ENABLE TRIGGER USER; SELECT 1 / (SELECT count(*) FROM finance.entries)`,
    );
    const draw = [
      '--seed',
      '2',
      '--cases',
      '2',
      '--property',
      'every-faithful-plan-is-faithful',
      '--no-corpus',
    ];
    const place = ['--subject', ledger(at), '--url', sharedUrl()];
    const fault = ['--fault', 'fault.sql', '--shrink-seconds', '2', '--lanes', '1'];
    // Hazards of the plan alone are predicted for it as well.
    const hazards = ['--seed', '2', '--cases', '3', '--property', 'every-hazard-is-seen', '--no-corpus'];
    const fine = await at.run(['fuzz', ...hazards, ...place]);
    expect(fine).toMatchObject({ exitCode: 0 });
    expect(fine.out.find((line) => line.includes(' cases: '))).toMatch(/refused|lossy|drifted/);
    const found = await at.run(['fuzz', ...draw, ...place, ...fault]);
    expect(found.exitCode).toBe(1);
    const folder = found.out
      .find((line) => line.includes('counterexamples/'))
      ?.match(/counterexamples\/\S+/)?.[0];
    const file = readFileSync(join(at.directory, folder ?? '', 'case.json'), 'utf8');
    expect(JSON.parse(file)).toMatchObject({ subject: { file: 'ledger/ledger.yaml' } });
    const again = await at.run(['replay', folder ?? '', '--url', sharedUrl()]);
    expect(again.exitCode).toBe(1);
    expect(again.out.join('\n')).toContain('ledger, described by ledger/ledger.yaml');
  });

  test.each([
    [
      'a verifier that says something else',
      (text: string) => text.replace('ELSE walked - 1 END', 'ELSE walked - 1 END + 1'),
      '',
      'verifier: of one event it says [null,0,1], and [null,-1,1] is wanted',
    ],
    [
      'a head that is no such query',
      (text: string) => text.replace('finance.last_seal\nver', 'finance.first_seal\nver'),
      '',
      'head: relation "finance.first_seal" does not exist (SQLSTATE 42P01)',
    ],
    [
      'an event that is refused',
      (text: string) => text,
      `ALTER TABLE finance.entries ADD CHECK (account = 'mine');`,
      'violates check constraint',
    ],
    ['SQL that fails', (text: string) => text, 'SELECT 1 / 0;', 'division by zero'],
    ['a column that is not there', (text: string) => text.replace('[memo, account]', '[note]'), '', ''],
  ])('is refused before any trial: %s', async (_, change, sql, why) => {
    await using at = await home();
    const ended = await at.run(['smoke', '--subject', ledger(at, change, sql), '--url', sharedUrl()]);
    expect(ended.exitCode).toBe(2);
    expect(ended.err.join('\n')).toContain(why);
    expect(ended.err.join('\n')).toContain('  next: ');
  });

  test('a name of none is told which there are', async () => {
    await using at = await home();
    const { exitCode, err } = await at.run(['smoke', '--subject', 'softened']);
    expect({ exitCode, err }).toEqual({
      exitCode: 2,
      err: [
        'restoreproof: there is no subject softened',
        '  next: name a built-in one (audit-chain, hardened), or a file such as subject.yaml',
      ],
    });
  });
});
