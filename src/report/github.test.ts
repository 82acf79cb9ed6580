import { expect, test } from 'vitest';
import { conclusionAnnotations, errorAnnotation, failureAnnotation, findingAnnotation } from './github.ts';
import { githubOutputs, githubSummary } from './github-summary.ts';
import { exampleReport } from './test-report.ts';

// https://docs.github.com/actions/reference/workflow-commands-for-github-actions; toolkit, core/src/command.ts
test('an annotation stays one command, whatever is in it', () => {
  expect(errorAnnotation('restoreproof: 1, 2', '100%\r\n::warning::x: y, z')).toBe(
    '::error title=restoreproof%3A 1%2C 2::100%25%0D%0A::warning::x: y, z',
  );
  expect(errorAnnotation('%3A', '%0A')).toBe('::error title=%253A::%250A');
});

test('a run without a verdict says that it is no finding, and how to repeat it', () => {
  const [annotation] = conclusionAnnotations(exampleReport({ cases: 0, findings: 0 }));
  expect(annotation).toMatch(
    /^::error title=restoreproof%3A no verdict::no case was tried%0Arepeat: restoreproof fuzz /,
  );
  expect(annotation).toContain('No verdict is not a finding');
  expect(conclusionAnnotations(exampleReport({ cases: 40, findings: 1 }))).toEqual([]);
});

test('however long a finding is, its command is in what GitHub takes of an annotation', () => {
  const [found] = exampleReport({ cases: 1, findings: 1 }).findings;
  if (!found) throw new Error('there is a finding');
  const long = 'x'.repeat(5000);
  const checks = found.checks.map((check) => ({ ...check, source: long, restored: long }));
  const text = findingAnnotation({ ...found, summary: long, checks });
  expect(text.slice(0, 4096)).toContain(`%0Areplay: ${found.replay}%0Arow-bytes: `);
  expect(text.length).toBeLessThan(4096);
});

test('so does an error that ended the command; one of usage does not', () => {
  expect(failureAnnotation({ lines: ['a', 'b'], exitCode: 3 })).toMatch(
    /^::error .*no verdict::a%0Ab%0ANo verdict is not/,
  );
  expect(failureAnnotation({ lines: ['a'], exitCode: 2 })).toBe('::error title=restoreproof::a');
});

test('the summary has the verdict, the findings with their commands, and the matrix', () => {
  const text = githubSummary(exampleReport({ cases: 40, findings: 1 }));
  const lines = text.split('\n');
  expect(lines[0]).toBe('## ❌ FAIL restoreproof fuzz: 1 finding');
  expect(lines).toContain('| format tar | 4 | 2 | 2 | 1 | 1 |  |');
  expect(lines).toContain('| plain | 14 | 14 |  |');
  expect(text).toContain('<br>`restoreproof replay counterexamples/one-promise--lossy--row-bytes--0`');
  expect(text).toContain(String.raw`\</script\>\<script\>`);
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
});

test('outputs are one line each, whatever is in them', () => {
  const text = githubOutputs(exampleReport({ cases: 40, findings: 2 }), 'a\nb=c');
  expect(text.split('\n')).toEqual([
    'verdict=fail',
    'findings=2',
    'cases=40',
    'replay=restoreproof replay counterexamples/one-promise--lossy--row-bytes--0',
    String.raw`report=a\u000ab=c`,
    '',
  ]);
});
