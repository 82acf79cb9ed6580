import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { smokeCase } from '../case/smoke-case.ts';
import { conclude } from './matrix.ts';
import { home } from './test-program.ts';

const [older, newer] = [15, 17].map((major) => inject('images').find((image) => image.major === major));

test.concurrent.each([
  ['a', '--images names fewer than two servers'],
  ['a,a', '--images names fewer than two servers'],
  ['a,b --formats zip', 'there is no dump format "zip"'],
])('--images %s: %s', async (argv, what) => {
  await using at = await home();
  const ended = await at.run(['matrix', '--images', ...argv.split(' ')]);
  expect(ended).toMatchObject({ exitCode: 2, out: [] });
  expect(ended.err[0]).toBe(`restoreproof: ${what}`);
  expect(await at.leftovers()).toEqual([]);
});

test('what is not as predicted is in the table and below it, and the exit code is 1', () => {
  const way = { from: 'a (15.1)', to: 'b (17.1)' };
  const findings = [{ summary: 'a row is gone', case: smokeCase(1) }];
  const lines: string[] = [];
  const exitCode = conclude(
    [
      { ...way, format: 'custom', verdicts: { faithful: 2, lossy: 1 }, findings },
      { ...way, format: 'tar', verdicts: { faithful: 3 }, findings: [] },
    ],
    ['custom', 'tar'],
    { print: (line) => lines.push(line) },
  );
  expect(exitCode).toBe(1);
  expect(lines).toEqual([
    'from → to            custom                                   tar',
    'a (15.1) → b (17.1)  2 faithful, 1 lossy, 1 NOT AS PREDICTED  3 faithful',
    'not as predicted: a (15.1) → b (17.1), custom: a row is gone',
  ]);
});

describe.skipIf(!older || !newer)('with two images', () => {
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
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(ended.out.slice(-3).map((line) => line.split(/ {2,}/).slice(1))).toEqual([
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
