import { execa } from 'execa';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageRoot } from './package-root.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ci-run-'));
  for (const name of ['.ci', 'bin', 'tmp']) mkdirSync(join(root, name));
  // What the script would install where it is missing.
  for (const name of ['chromium', 'shellcheck']) writeFileSync(join(root, 'bin', name), '', { mode: 0o755 });
  cpSync(join(packageRoot, '.ci/run'), join(root, '.ci/run'));
});

afterEach(() => rmSync(root, { recursive: true }));

const E2E = 'run test:e2e';

/** The script with an npm that does what is asked of it; a test run of which nothing is said has two tests that pass. */
async function ended(steps: Readonly<Record<string, string>>) {
  const passes = results(2, 0, suite('passed', 2));
  const cases = Object.entries({ test: passes, [E2E]: passes, ...steps }).map(
    ([words, shell]) => `'${words} '*) ${shell} ;;`,
  );
  // The last argument of a test run is where its results go.
  const npm = `#!/bin/bash\nresults="\${@: -1}"; results="\${results#*=}"\ncase "$* " in\n${cases.join('\n')}\nesac\n`;
  writeFileSync(join(root, 'bin/npm'), npm);
  chmodSync(join(root, 'bin/npm'), 0o755);
  const path = [join(root, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { PATH: path, TMPDIR: join(root, 'tmp') };
  const { exitCode, stdout } = await execa(join(root, '.ci/run'), { env, reject: false });
  expect(readdirSync(join(root, 'tmp'))).toEqual([]);
  return { exitCode, last: stdout.split('\n').at(-1) };
}

const suite = (status: string, tests: number) => ({
  name: 'a',
  status,
  assertionResults: Array.from({ length: tests }, () => ({})),
});
const results = (passed: number, failed: number, ...suites: unknown[]): string =>
  `echo '${JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults: suites })}' >"$results"`;

const NO_RESULTS = 'ci: a test run, before it had results, failed with exit status';

test.each([
  ['all is well', {}, 0, '4 passed, 0 failed'],
  ['a test fails', { test: `${results(6, 1, suite('failed', 7))}; exit 1` }, 1, '8 passed, 1 failed'],
  ['the other test run has one that fails', { [E2E]: `${results(5, 1)}; exit 1` }, 1, '7 passed, 1 failed'],
  [
    'a file cannot be loaded',
    { test: `${results(7, 0, suite('failed', 0))}; exit 1` },
    1,
    '9 passed, 1 failed',
  ],
  ['installing fails', { ci: 'exit 4' }, 4, 'ci: npm ci failed with exit status 4'],
  [
    'the check fails',
    { 'run check': 'echo 7 passed, 0 failed; exit 2' },
    2,
    'ci: npm run check failed with exit status 2',
  ],
  ['the test runner dies', { test: 'kill -9 $$' }, 137, `${NO_RESULTS} 137`],
  ['that of the other test run dies', { [E2E]: 'kill -9 $$' }, 137, `${NO_RESULTS} 137`],
  ['its results are cut short', { test: `echo '{"numPassed' >"$results"` }, 1, `${NO_RESULTS} 0`],
])('the last line where %s', async (_, steps, exitCode, last) => {
  expect(await ended(steps)).toEqual({ exitCode, last });
});
