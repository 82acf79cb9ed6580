import { expect, test } from 'vitest';
import {
  isFlaw,
  missedByFirstFour,
  standingOf,
  type MutantReport,
} from '../fuzz/selftest/selftest-result.ts';
import { MUTANTS } from '../mutants/catalogue.ts';
import { conclusionAnnotations } from './github.ts';
import { githubOutputs } from './github-summary.ts';
import { selftestReport } from './selftest-report.ts';
import { exampleReport } from './test-report.ts';

test('each mutant that did not end as it has to is a finding, with the command that tries it alone', () => {
  const [lost, other] = MUTANTS;
  if (!lost || !other) throw new Error('there are mutants');
  const drawn = { tried: 1, killedBy: [] };
  const reports: MutantReport[] = [
    { mutant: lost, fixed: { struck: true, killedBy: [] }, drawn },
    { mutant: other, fixed: { struck: true, killedBy: ['row-count'] }, drawn },
  ];
  const { run, restoreproof, started_at } = exampleReport({ cases: 0, findings: 0 });
  const version = { major: 15, minor: 18, text: '15.18' };
  const report = selftestReport({
    result: { reports, seed: 1, cases: 0, milliseconds: 1 },
    checks: ['row-count'],
    firstFour: ['row-count'],
    standingOf,
    isFlaw,
    missedByFirstFour,
    run,
    again: (mutant) => `restoreproof selftest --mutant ${mutant}`,
    restoreproof,
    started_at,
    engine: {
      kind: 'local',
      description: 'nowhere',
      serverVersion: version,
      tools: { version, directory: '/nowhere', run: nothing, shell: nothing },
    },
  });
  expect(report.findings).toMatchObject([{ name: lost.id, verdict: 'survived', expected: 'killed' }]);
  const replay = `restoreproof selftest --mutant ${lost.id}`;
  expect(githubOutputs(report, undefined)).toContain(`findings=1\ncases=0\nreplay=${replay}\n`);
  expect(conclusionAnnotations(report)).toEqual([
    expect.stringMatching(
      `^::error title=restoreproof selftest--survived--${lost.id}::the mutant ${lost.id} was not seen by any check: .*%0Areplay: ${replay}$`,
    ),
  ]);
});

function nothing(): Promise<never> {
  return Promise.reject(new Error('nothing is run here'));
}
