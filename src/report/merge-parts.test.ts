import { parseHTML } from 'linkedom';
import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { githubSummary } from './github-summary.ts';
import { htmlText } from './html/page.ts';
import { junitText } from './junit.ts';
import { mergeParts } from './merge-parts.ts';
import { mergeLines } from './merge-text.ts';
import type { Report } from './report.ts';
import { exampleReport, exampleSelftest } from './test-report.ts';

const RUN = { program: 'restoreproof', repeat: 'restoreproof merge a b', options: {} };
const PLAIN = createColors(false);

function merged(...reports: readonly Report[]): Report {
  return mergeParts(
    reports.map((report, index) => ({ file: `${index}.json`, report })),
    RUN,
  );
}

/** The fixed cycle of a `smoke` that found what case 0 of the example did. */
function smoke(): Report {
  const { cases, findings, ...rest } = exampleReport({ cases: 1, findings: 1 });
  const named = cases.map((trial) => ({ ...trial, index: undefined, name: 'the fixed cycle' }));
  const replay = 'restoreproof smoke';
  const again = findings.map((found) => ({ ...found, replay }));
  return { ...rest, command: 'smoke', run: { ...rest.run, repeat: replay }, cases: named, findings: again };
}

test('reports of several commands stand side by side, and one finding of a signature', () => {
  const fuzz = exampleReport({ cases: 40, findings: 2 });
  const report = merged(fuzz, smoke(), exampleSelftest());
  expect(report.conclusion).toEqual({
    verdict: 'fail',
    sentence: 'fuzz: 2 findings; smoke: 1 finding; selftest: 1 of 3 mutants did not end as they have to',
  });
  expect(report.parts?.map(({ command, run }) => [command, run.repeat])).toEqual([
    ['fuzz', 'restoreproof fuzz --seed 7 --cases 40'],
    ['smoke', 'restoreproof smoke'],
    ['selftest', 'restoreproof fuzz --seed 7 --cases 0'],
  ]);
  expect(report.findings.map(({ signature, count }) => [signature, count])).toEqual([
    ['one-promise--lossy--row-bytes--0', 2],
    ['one-promise--lossy--row-bytes--1', 2],
  ]);
  expect(report.cases).toHaveLength(41);
  expect(report.cases.at(-1)).toMatchObject({ name: 'the fixed cycle', part: 1 });
  const custom = report.coverage.classes.findIndex(({ label }) => label === 'format:custom');
  expect(report.coverage.classes[custom]?.cases).toBe(11);
  expect(report.cases.filter(({ classes }) => classes.includes(custom))).toHaveLength(11);
});

test('a pass is one where every part passes', () => {
  const passed = (command: Report['command']): Report => ({
    ...exampleReport({ cases: 0, findings: 0 }),
    command,
    conclusion: { verdict: 'pass', sentence: 'all is well' },
  });
  expect(merged(passed('matrix'), passed('drill')).conclusion).toEqual({
    verdict: 'pass',
    sentence: 'every part is as it has to be: matrix, drill',
  });
  const unknown = { ...passed('smoke'), conclusion: { verdict: 'no-verdict' as const, sentence: 'gone' } };
  expect(merged(passed('drill'), unknown).conclusion).toEqual({
    verdict: 'no-verdict',
    sentence: 'smoke: gone',
  });
});

test('kill matrices are added up, and of one mutant the worst stands', () => {
  const [one, other] = [exampleSelftest(), exampleSelftest()];
  const mutants = other.kill_matrix?.mutants ?? [];
  const [first, , third] = mutants;
  if (first) Object.assign(first, { standing: 'survived', as_it_has_to: false, killed_by: [] });
  if (third) Object.assign(third, { id: 'only-here', killed_by: ['row-count'] });
  other.started_at = 'later';
  const report = merged(one, other);
  expect(
    report.kill_matrix?.mutants.map(({ id, standing, as_it_has_to: fine, killed_by: by, drawn }) => [
      id,
      standing,
      fine,
      by,
      drawn.tried,
    ]),
  ).toEqual([
    ['rows-lost', 'survived', false, ['row-count', 'row-bytes', 'tool'], 4],
    ['rewritten-before', 'unseen', true, [], 4],
    ['blind', 'survived', false, [], 2],
    ['only-here', 'survived', false, ['row-count'], 2],
  ]);
});

test('every form of it names each command, and a case has the command of its part', () => {
  const report = merged(exampleReport({ cases: 40, findings: 1 }), smoke(), exampleSelftest());
  const { document } = parseHTML(htmlText(report));
  expect([...document.querySelectorAll('#parts ~ section tbody th')].map((cell) => cell.textContent)).toEqual(
    ['fuzz', 'smoke', 'selftest'],
  );
  const data = JSON.parse(document.querySelector('#case-data')?.textContent ?? '') as {
    words: string[];
    cases: [string, number, number, number][];
  };
  const againOf = (name: string): string | undefined =>
    data.words[data.cases.find(([shown]) => shown === name)?.[3] ?? -1];
  expect(againOf('the fixed cycle')).toBe('restoreproof smoke');
  expect(againOf('case 2')).toBe('restoreproof fuzz --seed 7 --case #');
  expect(junitText(report).match(/the whole run of \w+/g)).toEqual([
    'the whole run of fuzz',
    'the whole run of smoke',
    'the whole run of selftest',
  ]);
  expect(githubSummary(report)).toContain('| smoke | ❌ FAIL | 1 finding | `restoreproof smoke` |');
  expect(mergeLines(report, PLAIN)).toContain('FAIL  smoke: 1 finding');
});

test('another version, and one report twice, are refused', () => {
  const other = { ...smoke(), restoreproof: '0.2.0' };
  expect(() => merged(exampleSelftest(), other)).toThrow(
    '1.json is of another version of restoreproof than 0.json',
  );
  expect(() => merged(smoke(), exampleSelftest(), smoke())).toThrow(
    'one report is there twice: 0.json and 2.json',
  );
});
