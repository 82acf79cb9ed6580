import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readReportFile } from '../report/report-file.ts';
import { home, sharedUrl } from './test-program.ts';

const FILES = ['index.html', 'junit.xml', 'report.json'];

test('smoke --report writes what the cycle showed', async () => {
  await using at = await home();
  const [summary, outputs] = ['summary.md', 'outputs'].map((name) => join(at.directory, name));
  const github = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary ?? '', GITHUB_OUTPUT: outputs ?? '' };
  const { exitCode, out } = await at.run(['smoke', '--url', sharedUrl(), '--report', 'a/report'], github);
  expect(exitCode).toBe(0);
  expect(readFileSync(summary ?? '', 'utf8')).toMatch(/^## ✅ PASS restoreproof smoke: every check holds\n/);
  expect(readFileSync(outputs ?? '', 'utf8')).toContain('verdict=pass\nfindings=0\n');
  const directory = join(at.directory, 'a/report');
  expect(readdirSync(directory).sort()).toEqual(FILES);
  const report = await readReportFile(join(directory, 'report.json'));
  expect(report.conclusion).toEqual({ verdict: 'pass', sentence: 'every check holds' });
  expect(report.checks?.filter(({ outcome }) => outcome === 'held').map(({ id }) => id)).toEqual(
    out.flatMap((line) => /^ {2}held +(\S+)/.exec(line)?.[1] ?? []),
  );
  expect(report.cases).toMatchObject([{ name: 'the fixed cycle', verdict: 'faithful' }]);
  expect(Object.keys(report.cases[0]?.stages ?? {})).toContain('second dump');
  expect(report.coverage.classes.map(({ label }) => label)).toContain('rows:24');
});

test('fuzz --report writes every case, also where it finds something, and the next run takes its place', async () => {
  await using at = await home();
  writeFileSync(join(at.directory, 'fault.sql'), 'DROP TRIGGER audit_events_worm_trigger ON audit_events');
  const shared = ['--url', sharedUrl(), '--seed', '5', '--no-corpus', '--report', 'report'];
  const property = ['--property', 'every-faithful-plan-is-faithful'];
  const fault = ['--fault', 'fault.sql', '--shrink-seconds', '0', '--cases', '2'];
  const red = await at.run(['fuzz', ...shared, ...property, ...fault, '--verbose']);
  expect(red.exitCode).toBe(1);
  const caseLine =
    /^case \d +\d+\.\d\d s {2}every-faithful-plan-is-faithful: drifted; predicted was faithful$/;
  expect(red.out.filter((line) => caseLine.test(line))).toHaveLength(2);
  const file = join(at.directory, 'report', 'report.json');
  const report = await readReportFile(file);
  expect(report.conclusion).toEqual({ verdict: 'fail', sentence: '1 finding' });
  expect(report.run).toMatchObject({ seed: 5, end: 'all cases', options: { fault: 'fault.sql', cases: 2 } });
  const [found] = report.findings;
  expect(found).toMatchObject({ verdict: 'drifted', count: 2, shrunk: { end: 'budget' } });
  expect(found?.checks.map(({ id }) => id)).toContain('worm-enforced');
  expect(report.cases.map(({ finding }) => finding)).toEqual([found?.signature, found?.signature]);
  expect(readFileSync(join(at.directory, 'report', 'junit.xml'), 'utf8')).toContain(`${found?.replay}]]>`);

  const green = await at.run(['fuzz', ...shared, ...property, '--cases', '1', '--quiet']);
  expect(green).toMatchObject({ exitCode: 0, err: [] });
  expect(green.out).toEqual([
    expect.stringMatching(/^1 case: 1 faithful; .*; ended: all cases$/),
    'PASS  every case as predicted',
  ]);
  expect((await readReportFile(file)).conclusion.verdict).toBe('pass');
  expect(readdirSync(join(at.directory, 'report')).sort()).toEqual(FILES);
});

test('an interrupted run has a report, too, and it is no pass', async () => {
  await using at = await home();
  const running = await at.start(['fuzz', '--url', sharedUrl(), '--no-corpus', '--report', 'report']);
  await running.printed('repeat with: ');
  running.kill('SIGINT');
  expect((await running.ended).exitCode).toBe(3);
  const report = await readReportFile(join(at.directory, 'report', 'report.json'));
  expect(report.conclusion).toEqual({ verdict: 'no-verdict', sentence: 'interrupted' });
});

test.each(['smoke', 'fuzz'])(
  '%s refuses a place that cannot be written to before it does anything',
  async (command) => {
    await using at = await home();
    writeFileSync(join(at.directory, 'file'), 'precious');
    for (const place of ['file', 'file/report', '/proc/report']) {
      const { exitCode, out, err } = await at.run([command, '--report', place]);
      expect([place, exitCode, out]).toEqual([place, 2, []]);
      expect(err[0]).toBe(`restoreproof: --report ${place} cannot be used`);
    }
    expect(readFileSync(join(at.directory, 'file'), 'utf8')).toBe('precious');
  },
);

test.concurrent('an error that ends the command is told to GitHub, with whether it is a finding', async () => {
  await using at = await home();
  const gone = ['smoke', '--url', 'postgres://127.0.0.1:1/x', '--wait', '0'];
  const [summary, outputs] = [join(at.directory, 'summary'), join(at.directory, 'outputs')];
  const { exitCode, out } = await at.run(gone, {
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_OUTPUT: outputs,
  });
  expect(readFileSync(summary, 'utf8')).toMatch(
    /^## ⚠️ NO VERDICT restoreproof: .*127\.0\.0\.1:1 .*\n\n`why: .*`<br>\n`next: /,
  );
  expect(readFileSync(outputs, 'utf8')).toBe('verdict=no-verdict\nfindings=0\n');
  expect(out[0]).toMatch(
    exitCode === 3 ? /^::error title=restoreproof%3A no verdict::/ : /^::error title=restoreproof::/,
  );
  expect(exitCode).toBeGreaterThan(1);
});
