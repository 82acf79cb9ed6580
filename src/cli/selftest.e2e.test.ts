import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readReportFile } from '../report/report-file.ts';
import { home, sharedUrl } from './test-program.ts';

test('prints what reports a mutant, and writes the same for programs', async () => {
  await using place = await home();
  const argv = ['selftest', '--mutant', 'era-lost', 'rows-stored-in-another-order', '--cases', '0'];
  const { exitCode, out } = await place.run([
    ...argv,
    '--json',
    'kills.json',
    '--report',
    'report',
    '--url',
    sharedUrl(),
  ]);
  expect(out).toContain(
    '  era-lost                            ·  ·  ·  ·  ×  ·  ·  ·  ·  ·  ×  ·  miss it    -',
  );
  expect(out.at(-1)).toBe('PASS  every mutant that can be seen was killed');
  expect(exitCode).toBe(0);
  const json = JSON.parse(readFileSync(join(place.directory, 'kills.json'), 'utf8')) as {
    format: string;
    mutants: unknown[];
  };
  expect(json.format).toBe('restoreproof.selftest/v1');
  expect(json.mutants).toMatchObject([
    { id: 'era-lost', standing: 'killed', killed_by: ['row-bytes', 'second-dump-equal'] },
    { id: 'rows-stored-in-another-order', standing: 'unseen', killed_by: [] },
  ]);
  const report = await readReportFile(join(place.directory, 'report/report.json'));
  expect(report.conclusion.verdict).toBe('pass');
  expect(report.kill_matrix?.mutants.map(({ id, missed_by_first_four: missed }) => [id, missed])).toEqual([
    ['era-lost', true],
    ['rows-stored-in-another-order', false],
  ]);
  expect(await place.leftovers()).toEqual([]);
});

test.each([
  [['--mutant', 'no-such-fault'], 'there is no mutant no-such-fault'],
  [['--json', 'nowhere/kills.json'], '--json nowhere/kills.json: the directory'],
])('%j is a usage error, before any work', async (argv, words) => {
  await using place = await home();
  const { exitCode, err, out } = await place.run(['selftest', ...argv]);
  expect(err.join('\n')).toContain(words);
  expect(out).toEqual([]);
  expect(exitCode).toBe(2);
});

test('one case of a seed that is a canary says so', async () => {
  await using place = await home();
  const { exitCode, out } = await place.run(['fuzz', '--url', sharedUrl(), '--seed', '1', '--case', '18']);
  expect(out).toContain('case 18 is a canary: it carries a mutant, which has to be killed');
  expect(out.find((line) => line.startsWith('canaries: '))).toMatch(/^canaries: 1 struck, 1 killed \(\S+\)$/);
  expect(exitCode).toBe(0);
});
