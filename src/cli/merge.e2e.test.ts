import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readReportFile, reportFileText } from '../report/report-file.ts';
import type { Report } from '../report/report.ts';
import { tallyTables } from '../report/tally-tables.ts';
import { exampleReport } from '../report/test-report.ts';
import { fuzz } from './fuzz.ts';
import { merge } from './merge.ts';
import { openTerminal } from './terminal.ts';
import { sharedUrl } from './test-program.ts';

const SHARDS = [1, 2, 3, 4, 5, 6, 7, 8];
const CASES = 30;

let directory: string;
let lines: string[] = [];
const terminal = openTerminal(
  new AbortController().signal,
  (line) => lines.push(line),
  () => undefined,
);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'merge-'));
  // These run in this process: where the tests run in a workflow, its summary is not theirs.
  vi.stubEnv('GITHUB_ACTIONS', '');
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** What a case is, whichever machine tried it and however long that took. */
function essence(report: Report): string[] {
  return report.cases
    .map(({ index, name, property, predicted, verdict, classes }) =>
      JSON.stringify({
        case: index ?? name,
        property,
        predicted,
        verdict,
        labels: classes.map((position) => report.coverage.classes[position]?.label),
      }),
    )
    .sort();
}

describe('eight shards of a run', () => {
  const run = async (name: string, shard?: string): Promise<number> =>
    await fuzz(
      {
        seed: 11,
        cases: CASES,
        lanes: 1,
        property: ['sql-and-typescript-agree-on-the-chain'],
        explore: false,
        corpus: false,
        counterexamples: join(directory, 'counterexamples'),
        shrinkSeconds: 1,
        coverage: false,
        report: join(directory, name),
        shard,
      },
      { engine: 'auto', url: sharedUrl(), download: false, say: () => undefined },
      terminal,
    );
  let whole: Report;

  beforeAll(async () => {
    await run('whole');
    whole = await readReportFile(join(directory, 'whole', 'report.json'));
    for (const number of SHARDS) expect(await run(`shard-${number}`, `${number}/8`)).toBe(0);
  });

  const places = (numbers: readonly number[]): string[] =>
    numbers.map((number) => join(directory, `shard-${number}`));
  const merged = (): Promise<Report> => readReportFile(join(directory, 'merged', 'report.json'));

  test('are exactly the run on one machine', async () => {
    expect(await merge(places(SHARDS.toReversed()), { report: join(directory, 'merged') }, terminal)).toBe(0);
    const report = await merged();
    expect(essence(report)).toEqual(essence(whole));
    expect(report.cases).toHaveLength(CASES);
    expect(report.coverage).toEqual(whole.coverage);
    expect(report.conclusion).toEqual(whole.conclusion);
    expect(report.run.repeat).toBe(whole.run.repeat);
    expect(report.run.shards).toEqual({ of: 8, done: SHARDS });
    expect(
      new Set(report.cases.map(({ index = 0, shard = 0 }) => (Math.floor(index / 4) % 8) + 1 - shard)),
    ).toEqual(new Set([0]));
  });

  test('are no verdict where one of them is missing, and it is named', async () => {
    lines = [];
    expect(await merge(places([1, 2, 3, 4, 6, 8]), { report: join(directory, 'merged') }, terminal)).toBe(3);
    expect(lines.at(-1)).toBe('NO VERDICT  nothing is known of shards 5, 7');
    expect((await merged()).conclusion.verdict).toBe('no-verdict');
  });

  test('are refused where one is there twice', async () => {
    await expect(merge(places([1, 2, 1]), {}, terminal)).rejects.toThrow('shard 1 is there 2 times');
  });
});

/** The parts of a run of many cases, as several machines would have them. */
function example(number: number, of: number, change: (report: Report) => void = () => undefined): string {
  const report = exampleReport({ cases: 1200, findings: 2 });
  report.cases = report.cases.filter(
    ({ verdict }, position) => verdict !== 'no-verdict' && position % of === number - 1,
  );
  report.tables = tallyTables(report.cases);
  report.run.shards = { of, done: [number] };
  change(report);
  const file = join(directory, `example-${number}.json`);
  writeFileSync(file, reportFileText(report));
  return file;
}

test('findings of one signature are one finding, with the smallest case, and counted', async () => {
  const longer = (report: Report): void => {
    for (const found of report.findings) Object.assign(found.case ?? {}, { padding: 'x'.repeat(100) });
  };
  const out = join(directory, 'findings');
  expect(await merge([example(1, 2, longer), example(2, 2)], { report: out }, terminal)).toBe(1);
  const { findings, conclusion } = await readReportFile(join(out, 'report.json'));
  expect(conclusion.sentence).toBe('2 findings');
  expect(findings.map(({ count, shard }) => [count, shard])).toEqual([
    [2, 2],
    [4, 2],
  ]);
  expect(findings[0]?.case).not.toHaveProperty('padding');
});

test('what the shards counted is what the whole run counts', async () => {
  const shards: Report[] = [];
  const files = [1, 2].map((number) => example(number, 2, (report) => shards.push(report)));
  const rows = (report: Report | undefined): unknown =>
    report?.tables?.map(({ rows: found }) => found.map(({ row, cases }) => [row, cases]));
  expect(shards.map(rows)).toEqual([
    [
      [
        ['custom', 190],
        ['plain', 10],
      ],
    ],
    [
      [
        ['plain', 10],
        ['tar', 182],
      ],
    ],
  ]);
  const out = join(directory, 'counted');
  lines = [];
  await merge(files, { report: out }, terminal);
  const merged = await readReportFile(join(out, 'report.json'));
  expect(rows(merged)).toEqual([
    [
      ['custom', 190],
      ['plain', 20],
      ['tar', 182],
    ],
  ]);
  expect(merged.tables).toEqual(exampleReport({ cases: 1200, findings: 2 }).tables);
  expect(lines.map((line) => line.trim())).toContainEqual(
    expect.stringMatching(/^tar +182: 182 seen by checks only$/),
  );
});

test('floors are held against the union, which alone is long enough', async () => {
  const without = (report: Report): void => {
    report.findings = [];
  };
  lines = [];
  expect(await merge([example(1, 2, without), example(2, 2, without)], {}, terminal)).toBe(1);
  const missed = /^ {2}floor not reached: format:tar occurred 288 times, at least 1\d{3} are wanted$/;
  expect(lines).toContainEqual(expect.stringMatching(missed));
  expect(lines.at(-1)).toBe('FAIL  the run did not cover what a deep run has to');
});

test.each<[string, (report: Report) => void]>([
  ['the seed', (report) => (report.run.seed = 8)],
  ['the version of restoreproof', (report) => (report.restoreproof = '0.2.0')],
  ['the version of the server', (report) => report.engine && (report.engine.server = '16.1')],
  ['the number of shards', (report) => (report.run.shards = { of: 3, done: [2] })],
  ['the options', (report) => (report.run.options['max-rows'] = 61)],
  ['what server and tools can do', (report) => (report.run.world = 'other')],
])('another %s is refused', async (what, change) => {
  const error = await merge([example(1, 2), example(2, 2, change)], {}, terminal).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ exitCode: 2, why: expect.stringMatching(`^${what}: `) as string });
});

test('shards are one run beside what other commands reported', async () => {
  const smoke = join(directory, 'smoke.json');
  const passed = { verdict: 'pass', sentence: 'every check holds' } as const;
  const report = {
    ...exampleReport({ cases: 1, findings: 0 }),
    command: 'smoke',
    conclusion: passed,
  } as const;
  writeFileSync(smoke, reportFileText(report));
  const out = join(directory, 'beside');
  lines = [];
  expect(await merge([smoke, example(2, 2), example(1, 2)], { report: out }, terminal)).toBe(1);
  const { command, parts, cases } = await readReportFile(join(out, 'report.json'));
  expect(command).toBe('merge');
  expect(parts?.map((part) => [part.command, part.conclusion.verdict, part.run.shards?.done])).toEqual([
    ['fuzz', 'fail', [1, 2]],
    ['smoke', 'pass', undefined],
  ]);
  expect(cases.filter(({ part }) => part === 1)).toHaveLength(1);
  expect(lines).toContainEqual('PASS  smoke: every check holds');
  expect(lines.at(-1)).toBe('FAIL  fuzz: 2 findings');
});

test('what is merged already is refused', async () => {
  const shards = example(1, 2, (report) => (report.run.shards = { of: 2, done: [1, 2] }));
  await expect(merge([shards], {}, terminal)).rejects.toThrow('is merged already');
  const merged = example(1, 2, (report) => (report.command = 'merge'));
  await expect(merge([merged], {}, terminal)).rejects.toThrow('is merged already');
});
