import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { caseFileText } from '../case/case-file.ts';
import { withPipeline } from '../case/pipeline-case.ts';
import { readPipelineFile } from '../case/pipeline-file.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { packageRoot } from '../package-root.ts';
import { CATALOG_KINDS } from '../snapshot/catalog.ts';
import { sweepThrowawayDirectories } from '../postgres/throwaway-directory.ts';
import { testTools } from '../testing.ts';
import { home, sharedUrl, type Home } from './test-program.ts';

const ROWS = 3;

async function keep(place: Home, engine: readonly string[]): Promise<string[]> {
  const trial = { ...smokeCase(ROWS), target: { kind: 'fresh' as const } };
  await writeFile(
    join(place.directory, 'case.json'),
    caseFileText(trial, { property: 'nothing-is-lost-silently' }),
  );
  const { exitCode, out } = await place.run(['replay', '--keep', 'case.json', ...engine]);
  expect([exitCode, out.at(-1)]).toEqual([0, expect.stringContaining('PASS  faithful')]);
  return out;
}

/** What stands behind a word at the beginning of a line. */
function after(word: string, lines: readonly string[]): string {
  const line = lines.find((each) => each.trim().startsWith(word)) ?? '';
  return line.trim().slice(word.length).trim();
}

/** Runs a printed command as its reader would, by a shell. */
async function type(command: string): Promise<string> {
  const PATH = `${testTools().directory}:${process.env['PATH']}`;
  return (await execa('sh', ['-c', command], { env: { PATH } })).stdout;
}

const COUNT = `--no-align --tuples-only --command='SELECT count(*) FROM audit_events'`;

test('--keep leaves a throwaway server, which no sweep takes, until the printed command ends it', async () => {
  await using place = await home();
  const out = await keep(place, ['--engine', 'local']);
  const host = /--host=(\S+)/.exec(after('source', out))?.[1] ?? '';
  const [, end = ''] = out.slice(out.findIndex((line) => line.startsWith('and when')));
  try {
    await sweepThrowawayDirectories();
    for (const which of ['source', 'restored'])
      expect(await type(`${after(which, out)} ${COUNT}`)).toBe(String(ROWS));
  } finally {
    await type(end);
  }
  expect(existsSync(dirname(host))).toBe(false);
  expect(await place.leftovers()).toEqual([]);
});

test('--keep leaves the server of a pipeline over whole servers, with the tables of migrations', async () => {
  await using place = await home();
  const trial = withPipeline(
    smokeCase(ROWS),
    await readPipelineFile(join(packageRoot, 'docs/pipelines/dumpall.yaml'), CATALOG_KINDS),
  );
  await writeFile(
    join(place.directory, 'case.json'),
    caseFileText(trial, { property: 'the-pipeline-is-faithful' }),
  );
  await mkdir(join(place.directory, 'migrations'));
  const builtIn = await readFile(join(packageRoot, 'src/subject/builtin/audit-chain.sql'), 'utf8');
  const more = 'CREATE TABLE notes (id int); GRANT SELECT ON audit_events TO nobody_made_this_role';
  await writeFile(join(place.directory, 'migrations/000001_all.up.sql'), `${builtIn};\n${more};\n`);
  const argv = ['replay', '--keep', 'case.json', '--migrations', 'migrations', '--engine', 'local'];
  const { exitCode, out, err } = await place.run(argv);
  expect([exitCode, out.at(-1), err]).toEqual([0, expect.stringContaining('PASS  faithful'), []]);
  const [, end = ''] = out.slice(out.findIndex((line) => line.startsWith('and when')));
  try {
    expect(await type(`${after('restored', out)} ${COUNT}`)).toBe(String(ROWS));
    expect(await type(`${after('restored', out)} --command='TABLE notes'`)).toContain('(0 rows)');
  } finally {
    await type(end);
  }
  expect(await place.leftovers()).toEqual([]);
});

test('--keep leaves databases on a server that was given, until the printed commands drop them', async () => {
  await using place = await home();
  const out = await keep(place, ['--url', sharedUrl()]);
  const drops = out.filter((line) => line.trim().startsWith('dropdb'));
  expect(drops).toHaveLength(2);
  // A later run sweeps what dead runs left, and not these.
  expect((await place.run(['replay', 'case.json', '--url', sharedUrl()])).exitCode).toBe(0);
  for (const which of ['source', 'restored'])
    expect(await type(`${after(which, out)} ${COUNT}`)).toBe(String(ROWS));
  for (const drop of drops) await type(drop);
  await expect(type(`${after('source', out)} ${COUNT}`)).rejects.toThrow('does not exist');
});
