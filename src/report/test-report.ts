import { smokeCase } from '../case/smoke-case.ts';
import { concludeRun } from '../fuzz/conclusion.ts';
import { coverageOf, floorsOf } from '../fuzz/coverage.ts';
import type { FuzzResult, Outcome, ReportedFinding } from '../fuzz/outcome.ts';
import { failed } from '../verdict/check.ts';
import { fuzzReport } from './build-report.ts';
import type { Report } from './report.ts';

/** Texts that end scripts, comments, CDATA and attributes, turn the direction of reading, or are no characters. */
const HURTING =
  '</script><script>document.title="hurt"</script>]]>--><img src=x onerror="document.title=1">"\'&amp;\u202E\u0000\u001B[31m\uFFFF\uD800';

const VERDICTS = [
  'faithful',
  'faithful',
  'faithful',
  'refused',
  'lossy',
  'drifted',
  'source-invalid',
] as const;
const FORMATS = ['custom', 'plain', 'directory', 'tar'] as const;
const TARGETS = ['wiped', 'fresh', 'latin1', 'utf8'] as const;

/** A report of drawn cases with findings whose texts hurt. Nothing was run for it. */
export function exampleReport({ cases, findings }: { cases: number; findings: number }): Report {
  const outcomes = Array.from({ length: cases }, (_, index) => outcomeAt(index, findings));
  const result: FuzzResult = {
    end: 'all cases',
    outcomes,
    canaries: [],
    findings: Array.from({ length: findings }, (_, index) => findingAt(index)),
    milliseconds: cases * 120,
  };
  const floors = floorsOf(outcomes, { 'format:custom': 100, 'format:tar': 900, 'timestamp:bc': 1 });
  const conclusion = concludeRun({
    tried: cases,
    withoutVerdict: outcomes.filter(({ verdict }) => verdict === 'no-verdict').length,
    findings,
    unwritten: 0,
    interrupted: false,
    missed: 0,
  });
  const version = { major: 15, minor: 18, text: '15.18' };
  return fuzzReport({
    result,
    conclusion,
    coverage: coverageOf(outcomes),
    floors,
    words: { program: 'restoreproof', draw: '--seed 7' },
    properties: [{ name: 'one-promise', promise: `It holds ${HURTING}` }],
    run: {
      program: 'restoreproof',
      repeat: `restoreproof fuzz --seed 7 --cases ${cases}`,
      draw: '--seed 7',
      seed: 7,
      options: { cases, explore: false, fault: HURTING },
    },
    restoreproof: '0.1.0',
    started_at: '2026-11-23T07:00:00.000000Z',
    engine: {
      kind: 'local',
      description: `PostgreSQL 15.18 ${HURTING}`,
      serverVersion: version,
      tools: { version, directory: '/nowhere', run: nothing, shell: nothing },
    },
  });
}

function outcomeAt(index: number, findings: number): Outcome {
  const found = index < findings;
  const verdict = found ? 'lossy' : (VERDICTS[index % VERDICTS.length] ?? 'faithful');
  const lost = index % 50 === 49;
  return {
    origin: index === findings ? { corpus: `hurting ${HURTING}.json` } : { index },
    property: index % 2 === 0 ? 'one-promise' : 'another-promise',
    predicted: found ? 'faithful' : verdict,
    verdict: lost ? 'no-verdict' : verdict,
    at: 120 * (index + 1),
    milliseconds: 100 + (index % 40),
    steps: [
      { name: 'workload', milliseconds: 10 + (index % 7) },
      { name: 'dump', milliseconds: 40 + (index % 11) },
      { name: 'restore', milliseconds: 30 + (index % 13) },
    ],
    labels: [
      `format:${FORMATS[index % FORMATS.length]}`,
      `target:${TARGETS[(index >> 2) % TARGETS.length]}`,
      `option:--option-${index % 30}`,
      ...(index === 3 ? [`option:${HURTING}`] : []),
      `text:kind-${index % 25}`,
    ],
    ...(lost ? {} : { tallies: talliesAt(index) }),
    ...(lost ? { why: `the server is gone ${HURTING}` } : {}),
    ...(found ? { signature: `one-promise--lossy--row-bytes--${index}` } : {}),
  };
}

/** Who noticed what was done to the dump of every third case. */
function talliesAt(index: number): Outcome['tallies'] {
  if (index % 3 !== 0) return [];
  const of = 'damaged dumps, by format';
  if (index < 60) return [{ of, row: 'plain', outcome: 'refused by the tool', details: [] }];
  const row = index % 2 === 0 ? 'custom' : 'tar';
  return [{ of, row, outcome: 'seen by checks only', details: ['row-bytes', HURTING] }];
}

function findingAt(index: number): ReportedFinding {
  const trial = smokeCase(1);
  const checks = [
    failed('row-bytes', `row 1 (${HURTING})`, `actor ${HURTING} a`, `actor ${HURTING} b`),
    failed('chain-head', 'the head differs', '6bc51000158159c2', '6bc51000158159c3'),
  ];
  return {
    signature: `one-promise--lossy--row-bytes--${index}`,
    property: 'one-promise',
    origin: { index },
    finding: {
      summary: `faithful was predicted, and the trial was lossy: ${HURTING}`,
      expected: 'faithful',
      verdict: 'lossy',
      failed: ['row-bytes', 'chain-head'],
      checks,
    },
    shrunk: { trial: { ...trial, disturbance: { sql: HURTING } }, trials: 17, end: 'minimal' },
    original: trial,
    directory: `counterexamples/one-promise--lossy--row-bytes--${index}`,
    count: 1 + index,
    reproduced: true,
  };
}

/** The report of a self-test with one mutant killed, one that cannot be seen, and one that survived. */
export function exampleSelftest(): Report {
  const report = exampleReport({ cases: 0, findings: 0 });
  const mutant = (id: string, standing: string, killers: string[]) => ({
    id,
    what: `what is wrong ${HURTING}`,
    strikes: 'rows',
    standing,
    as_it_has_to: standing !== 'survived',
    killed_by: killers,
    missed_by_first_four: false,
    ...(standing === 'unseen' ? { unseen_because: `nobody can ${HURTING}` } : {}),
    drawn: { tried: 2, killed_by: killers, ...(killers.length > 0 ? { struck_at: 1 } : {}) },
  });
  return {
    ...report,
    command: 'selftest',
    conclusion: { verdict: 'fail', sentence: '1 of 3 mutants did not end as they have to' },
    canaries: [{ index: 7, mutant: 'rows-lost', struck: true, killed: true }],
    kill_matrix: {
      checks: ['row-count', 'row-bytes'],
      first_four: ['row-count'],
      mutants: [
        mutant('rows-lost', 'killed', ['row-count', 'row-bytes', 'tool']),
        mutant('rewritten-before', 'unseen', []),
        mutant('blind', 'survived', []),
      ],
    },
  };
}

function nothing(): Promise<never> {
  return Promise.reject(new Error('nothing is run here'));
}
