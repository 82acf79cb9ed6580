import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { home, sharedUrl, type Home } from './test-program.ts';

const example = (name: string): string => join(packageRoot, 'docs/pipelines', `${name}.yaml`);

let at: Home;

beforeAll(async () => {
  at = await home();
  writeFileSync(join(at.directory, 'typo.yaml'), 'dump: pg_dump -Fc -f {dump}\nrestor: pg_restore {dump}\n');
});
afterAll(() => at[Symbol.asyncDispose]());

test('smoke by a pipeline, on a server that is given', async () => {
  const argv = ['smoke', '--url', sharedUrl(), '--pipeline', example('cronjob'), '--rows', '3'];
  const { exitCode, out, err } = await at.run(argv);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: [] });
  expect(out.find((line) => /^ {2}dump /.test(line))).toMatch(/ pg_dump --format=custom --file=.* …$/);
  expect(out.find((line) => line.startsWith('PASS'))).toContain('rows=3');
  expect(await at.leftovers()).toEqual([]);
});

describe('what cannot be is refused with exit code 2', () => {
  test.each<[string[], string]>([
    [['smoke', '--pipeline', 'nowhere.yaml'], 'the pipeline nowhere.yaml cannot be read'],
    [['smoke', '--pipeline', 'typo.yaml'], 'typo.yaml:2:9: this is no pipeline'],
    [
      ['fuzz', '--pipeline', 'typo.yaml', '--explore'],
      "option '--pipeline <file>' cannot be used with option '--explore'",
    ],
  ])('%j', async (argv, what) => {
    const { exitCode, out, err } = await at.run(argv);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
    expect(err[0]).toContain(what);
  });

  test('a pipeline of whole servers on a server that is not ours', async () => {
    const { exitCode, err } = await at.run(['smoke', '--url', sharedUrl(), '--pipeline', example('dumpall')]);
    expect(exitCode).toBe(2);
    expect(err[0]).toContain('takes a throwaway server');
  });
});
