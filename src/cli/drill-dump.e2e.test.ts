import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { smokeCase } from '../case/smoke-case.ts';
import { connect, libpqEnvironment } from '../postgres/connection.ts';
import { readReportFile } from '../report/report-file.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { testDatabase, testTools } from '../testing.ts';
import { applyWorkload } from '../workload/apply-workload.ts';
import { home, sharedUrl, type Home } from './test-program.ts';

let at: Home;
let source: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  at = await home();
  source = await testDatabase();
  {
    await using connection = await connect(source.settings);
    await auditChain.install(connection);
    await applyWorkload(connection, smokeCase().workload, auditChain.writing);
  }
  const environment = libpqEnvironment(source.settings);
  for (const [name, option] of [
    ['shop.sql', '--create'],
    ['bare.sql', '--no-owner'],
  ] as const) {
    const argv = ['--format=plain', option, `--file=${join(at.directory, name)}`];
    expect(await testTools().run('pg_dump', argv, { environment })).toMatchObject({ exitCode: 0 });
  }
  const url = sharedUrl(source.settings.database);
  expect(await at.run(['snapshot', '--url', url, '--out', 'pre.json'])).toMatchObject({ exitCode: 0 });
});

afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await at[Symbol.asyncDispose]();
});

test('a script that makes its own database, on a server of its own, which is gone afterwards', async () => {
  const written = ['--json', 'drill.json', '--report', 'report'];
  const argv = ['drill', '--dump', 'shop.sql', '--against', 'pre.json', ...written];
  const { exitCode, out, err } = await at.run(argv);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: [] });
  const names = ['server', 'dump', 'database', 'restore', 'restored snapshot', 'acts'];
  expect(out.slice(0, 6).map((line) => line.slice(2, 19).trim())).toEqual(names);
  const report = await readReportFile(join(at.directory, 'report/report.json'));
  expect(report.conclusion).toEqual({
    verdict: 'pass',
    sentence: 'the dump was restored, and it is what its source was',
  });
  expect(report.checks?.find(({ id }) => id === 'row-bytes')?.outcome).toBe('held');
  expect(Object.keys(report.stages ?? {})).toEqual(names.slice(1));
  const verdict = out.find((line) => line.startsWith('PASS'));
  expect(verdict).toMatch(/^PASS {2}rows=24 {2}chain_head=6bc51000… {2}against pre\.json of \d{4}-/);
  expect(JSON.parse(readFileSync(join(at.directory, 'drill.json'), 'utf8'))).toMatchObject({
    format: 'restoreproof.drill/v1',
    verdict: 'faithful',
    dump: { path: 'shop.sql', format: 'plain', gzipped: false },
    restored: { row_count: 24 },
    refusal: null,
    not_proven: [],
  });
  expect(await at.leftovers()).toEqual([]);
});

test('an audit trail that does not hold is a finding, annotated where GitHub reads along', async () => {
  const script = readFileSync(join(at.directory, 'bare.sql'), 'utf8');
  writeFileSync(join(at.directory, 'short.sql'), script.replace(/^audit-000024\t.*\n/m, ''));
  const url = sharedUrl('postgres');
  const outputs = join(at.directory, 'outputs');
  const { exitCode, out } = await at.run(['drill', '--url', url, '--dump', 'short.sql', '--report', 'red'], {
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: outputs,
  });
  expect(exitCode).toBe(1);
  expect(out).toContainEqual(expect.stringMatching(/^FAIL {2}unsound: .* does not hold: chain-recomputed/));
  const [annotation, ...others] = out.filter((line) => line.startsWith('::'));
  expect(others).toEqual([]);
  expect(annotation).toMatch(
    /^::error title=restoreproof drill--unsound--\S+::unsound: .*%0Achain-recomputed: the/,
  );
  expect(annotation).toMatch(/%0Areplay: restoreproof drill --dump short\.sql --url \S+%0A/);
  expect(readFileSync(outputs, 'utf8')).toMatch(
    /^verdict=fail\nfindings=1\ncases=0\nreplay=restoreproof drill /,
  );
  const report = await readReportFile(join(at.directory, 'red/report.json'));
  expect(report.findings).toMatchObject([{ property: 'drill', verdict: 'unsound', count: 1 }]);
  const page = readFileSync(join(at.directory, 'red/index.html'), 'utf8');
  expect(page).toContain('<h2 id="findings">');
  expect(page).not.toContain('The minimal case');
  expect(await at.leftovers()).toEqual([]);
});

test.each([
  [['--dump', 'nowhere'], 'the dump nowhere cannot be read'],
  [['--dump', 'pre.json'], 'pre.json is no dump'],
  [['--dump', 'bare.sql', '--against', 'bare.sql'], 'bare.sql is not'],
])('%j is refused with exit code 2', async (argv, what) => {
  const { exitCode, out, err } = await at.run(['drill', ...argv]);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
  expect(err[0]).toContain(what);
});
