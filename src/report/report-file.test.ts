import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readReportFile, reportFileText } from './report-file.ts';
import { exampleReport } from './test-report.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'report-file-'));
});

afterAll(() => rm(directory, { recursive: true }));

async function read(text: string) {
  const file = join(directory, 'report.json');
  await writeFile(file, text);
  return await readReportFile(file);
}

test('a report survives its file, one line for each case', async () => {
  const report = exampleReport({ cases: 60, findings: 2 });
  const text = reportFileText(report);
  expect(await read(text)).toEqual(JSON.parse(JSON.stringify(report)));
  expect(text.split('\n').filter((line) => line.startsWith('    {"index":'))).toHaveLength(59);
});

test('a report of an earlier version, which counted nothing, is read', async () => {
  const { tables: _, cases, ...report } = exampleReport({ cases: 2, findings: 0 });
  const earlier = { ...report, cases: cases.map(({ tallies: __, ...trial }) => trial) };
  expect(await read(reportFileText(earlier))).toEqual(earlier);
});

test('so does one without a case', async () => {
  const report = exampleReport({ cases: 0, findings: 0 });
  expect(await read(reportFileText(report))).toEqual(report);
  expect(report.conclusion).toEqual({ verdict: 'no-verdict', sentence: 'no case was tried' });
});

test('classes are positions in the coverage', () => {
  const report = exampleReport({ cases: 8, findings: 0 });
  const labels = report.cases[3]?.classes.map((position) => report.coverage.classes[position]?.label);
  expect(labels).toContain('format:tar');
  expect(labels).toContain('option:--option-3');
  const tar = report.coverage.classes.find(({ label }) => label === 'format:tar');
  expect(tar).toEqual({ label: 'format:tar', cases: 2, verdicts: { refused: 1, faithful: 1 } });
});

test.each([
  ['nonsense', 'is not JSON'],
  ['{"format": "restoreproof.report/v9"}', 'is not a report'],
  ['{"format": "restoreproof.report/v1", "command": 7}', 'is not a valid report'],
])('%s is no report', async (text, words) => {
  await expect(read(text)).rejects.toThrow(words);
});

test('a report that is not there is a usage error', async () => {
  await expect(readReportFile(join(directory, 'nowhere.json'))).rejects.toThrow('cannot be read');
});
