import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { junitText } from './junit.ts';
import { exampleReport, exampleSelftest } from './test-report.ts';

function parsed(text: string) {
  return new DOMParser().parseFromString(text, 'text/xml');
}

test('properties are suites, cases are test cases, findings fail and what was not judged is an error', () => {
  const document = parsed(junitText(exampleReport({ cases: 60, findings: 2 })));
  const suites = [...document.querySelectorAll('testsuite')];
  expect(suites.map((suite) => suite.getAttribute('name'))).toEqual([
    'restoreproof fuzz',
    'one-promise',
    'another-promise',
  ]);
  expect(suites.map((suite) => suite.getAttribute('tests'))).toEqual(['1', '30', '30']);
  expect(suites.map((suite) => suite.getAttribute('failures'))).toEqual(['1', '1', '1']);
  expect(suites.map((suite) => suite.getAttribute('errors'))).toEqual(['0', '0', '1']);
  const failure = document.querySelector('testsuite[name=one-promise] failure');
  expect(failure?.textContent).toContain('replay: restoreproof replay counterexamples/');
  expect(failure?.textContent).toContain('source:   6bc51000158159c2\n');
});

test('a run without a verdict is an error of the whole run', () => {
  const document = parsed(junitText(exampleReport({ cases: 0, findings: 0 })));
  expect(document.querySelector('error')?.getAttribute('message')).toBe('no case was tried');
});

test('of thousands of cases those that went as predicted are one', () => {
  const text = junitText(exampleReport({ cases: 6000, findings: 1 }));
  expect(text.length).toBeLessThan(100_000);
  const names = [...parsed(text).querySelectorAll('testcase')].map((one) => one.getAttribute('name'));
  expect(names).toContain('2999 cases as predicted');
  expect(names).toContain('2880 cases as predicted');
});

test('no character is in it that XML has no place for', () => {
  const text = junitText(exampleReport({ cases: 60, findings: 2 }));
  expect(text).not.toMatch(/[^\P{Cc}\t\n]|\p{Cs}|\p{Noncharacter_Code_Point}/u);
  const failure = parsed(text).querySelector('testsuite[name=one-promise] failure');
  expect(failure?.textContent).toContain(String.raw`document.title="hurt"</script>]]\u003e-->`);
});

test('mutants are test cases, and one that did not end as it has to fails', () => {
  const suite = parsed(junitText(exampleSelftest())).querySelector('testsuite[name="kill matrix"]');
  expect(suite?.getAttribute('tests')).toBe('3');
  expect(suite?.getAttribute('failures')).toBe('1');
  expect(suite?.querySelector('failure')?.getAttribute('type')).toBe('survived');
});
