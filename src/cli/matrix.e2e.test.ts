import { parseHTML } from 'linkedom';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { matrixTable } from '../report/matrix-text.ts';
import { readReportFile } from '../report/report-file.ts';
import type { Report } from '../report/report.ts';
import { matrix } from './matrix.ts';
import { openTerminal } from './terminal.ts';
import { home, sharedUrl } from './test-program.ts';

const images = inject('images');
const [newer, older] = [images[0], images.at(-1)];

test('the table has a line for each way, and says what is not as predicted', () => {
  const origin = { way: 'a (15.1) → b (17.1)', format: 'custom', number: 0 };
  const tar = { ...origin, format: 'tar' };
  const outcomes = [
    { origin, verdict: 'faithful' },
    { origin: { ...origin, number: 1 }, verdict: 'lossy', signature: 's' },
    { origin: { ...origin, number: 2 }, verdict: 'faithful' },
    { origin: tar, verdict: 'faithful' },
  ] as const;
  expect(matrixTable(outcomes, ['custom', 'tar'])).toEqual([
    'from → to            custom                                   tar',
    'a (15.1) → b (17.1)  2 faithful, 1 lossy, 1 NOT AS PREDICTED  1 faithful',
  ]);
});

describe('between two sessions of one server', () => {
  let directory: string;
  const lines: string[] = [];
  const silent = new AbortController().signal;
  const terminal = openTerminal(
    silent,
    (line) => lines.push(line),
    () => undefined,
  );

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'matrix-'));
    // These run in this process: where the tests run in a workflow, its summary is not theirs.
    vi.stubEnv('GITHUB_ACTIONS', '');
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });

  const run = (servers: readonly string[], name: string, formats = 'custom'): Promise<number> =>
    matrix(
      {
        images: servers.join(','),
        formats,
        cases: 1,
        seed: 1,
        lanes: 1,
        counterexamples: join(directory, 'counterexamples'),
        shrinkSeconds: 0,
        json: join(directory, `${name}.json`),
        report: join(directory, name),
      },
      { engine: 'auto', download: false, say: () => undefined },
      terminal,
    );

  test.each([
    [['a'], 'custom', '--images names fewer than two servers'],
    [['a', 'a'], 'custom', '--images names fewer than two servers'],
    [['a', 'b'], 'zip', 'there is no dump format "zip"'],
  ])('%j by %s is a usage error, and nothing is written', async (servers, formats, what) => {
    await expect(run(servers, 'none', formats)).rejects.toMatchObject({ exitCode: 2, message: what });
    expect(readdirSync(directory)).toEqual([]);
  });

  const reported = (name: string): Promise<Report> => readReportFile(join(directory, name, 'report.json'));

  // Where triggers do not fire, nothing is chained and nothing is refused.
  const untriggered = `${sharedUrl()}?options=-c%20session_replication_role%3Dreplica`;

  test('a way that changes the trail is found, written down, annotated, and in every file of the report', async () => {
    const summary = join(directory, 'summary.md');
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    vi.stubEnv('GITHUB_STEP_SUMMARY', summary);
    vi.stubEnv('GITHUB_OUTPUT', join(directory, 'outputs'));
    expect(await run([sharedUrl(), untriggered], 'red')).toBe(1);
    vi.stubEnv('GITHUB_ACTIONS', '');
    const { cases, findings, coverage, conclusion, run: asRun } = await reported('red');
    expect(conclusion).toEqual({ verdict: 'fail', sentence: '2 findings' });
    expect(cases.map(({ name, verdict }) => [name?.endsWith(', custom, the fixed cycle'), verdict])).toEqual([
      [true, 'drifted'],
      [true, 'source-invalid'],
    ]);
    const ways = coverage.classes.filter(({ label }) => label.startsWith('versions:'));
    expect(ways.map(({ verdicts }) => verdicts)).toEqual(
      expect.arrayContaining([{ drifted: 1 }, { 'source-invalid': 1 }]),
    );
    const [drifted] = findings;
    expect(drifted?.checks.map(({ id }) => id)).toContain('append-continues');
    expect(drifted?.replay).toMatch(
      / replay \S+--drifted--\S+ --from '?postgres:\S+ --to '?postgres:\S+replica'$/,
    );
    expect(findings.map((found) => existsSync(join(found.directory ?? '', 'case.json')))).toEqual([
      true,
      true,
    ]);
    const annotations = lines.filter((line) => line.startsWith('::error '));
    expect(annotations).toEqual(
      findings.map(({ signature, replay }) =>
        expect.stringMatching(`${signature}::.*%0Areplay: ${escaped(replay)}(%0A|$)`),
      ),
    );
    expect(readFileSync(summary, 'utf8')).toMatch(/^## ❌ FAIL restoreproof matrix: 2 findings\n/);
    expect(readFileSync(join(directory, 'outputs'), 'utf8')).toContain('verdict=fail\nfindings=2\n');
    const { document } = parseHTML(readFileSync(join(directory, 'red', 'index.html'), 'utf8'));
    const rows = [...document.querySelectorAll('.matrix tr.group + tr th')].map((row) =>
      row.textContent.trim(),
    );
    expect(rows[1]).toContain(' → ');
    expect(readFileSync(join(directory, 'red', 'junit.xml'), 'utf8').match(/<failure/g)).toHaveLength(3);
    expect(asRun.repeat).toMatch(/ matrix --images '.*' --formats custom --cases 1 --seed 1$/);
    const json = JSON.parse(readFileSync(join(directory, 'red.json'), 'utf8')) as { cells: unknown[] };
    expect(json.cells).toMatchObject([
      { format: 'custom', verdicts: { drifted: 1 }, findings: [drifted?.signature] },
      { format: 'custom', verdicts: { 'source-invalid': 1 } },
    ]);
  });

  test('a server that is not there is no verdict, and what was tried is kept', async () => {
    const again = `${sharedUrl()}?application_name=again`;
    lines.length = 0;
    expect(
      await run([sharedUrl(), again, sharedUrl().replace(/\/postgres$/, '/no_such_database')], 'gone'),
    ).toBe(3);
    const { cases, conclusion } = await reported('gone');
    expect(conclusion.verdict).toBe('no-verdict');
    expect(cases.map(({ verdict }) => verdict)).toEqual([
      'faithful',
      'no-verdict',
      'faithful',
      'no-verdict',
      'no-verdict',
      'no-verdict',
    ]);
    expect(cases[1]?.why).toContain('no_such_database');
    expect(lines.at(-1)).toMatch(/^NO VERDICT {2}/);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.?'$*+()[\]\\]/g, String.raw`\$&`).replaceAll('%', '%25');
}

describe.skipIf(images.length < 2)('with two images', () => {
  test('up is faithful, back is refused, and all of it is predicted', async () => {
    const [from = '', to = ''] = [older?.image, newer?.image];
    await using at = await home();
    const ended = await at.run(
      [
        'matrix',
        '--images',
        `${from},${to}`,
        '--formats',
        'custom,plain',
        '--cases',
        '2',
        '--json',
        'm.json',
      ],
      { TESTCONTAINERS_RYUK_DISABLED: 'true' },
    );
    expect(ended.exitCode === 0 ? [] : [...ended.out, ...ended.err]).toEqual([]);
    expect(ended.out.at(-1)).toBe('PASS  every case as predicted');
    expect(ended.out.slice(-4, -1).map((line) => line.split(/ {2,}/).slice(1))).toEqual([
      ['custom', 'plain'],
      ['2 faithful', '2 faithful'],
      ['2 refused', '2 refused'],
    ]);
    const { cells } = JSON.parse(readFileSync(join(at.directory, 'm.json'), 'utf8')) as {
      cells: unknown[];
    };
    expect(cells).toHaveLength(4);
    expect(cells[3]).toMatchObject({ format: 'plain', verdicts: { refused: 2 }, findings: [] });
    expect(await at.leftovers()).toEqual([]);
  });
});
