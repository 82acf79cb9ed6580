import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Case } from '../case/case.ts';
import { caseFacts } from '../case/case-facts.ts';
import { readCaseFile } from '../case/case-file.ts';
import type { World } from '../case/world.ts';
import { createDatabaseSql, type CreateDatabaseOptions } from '../postgres/create-database.ts';
import { connect } from '../postgres/connection.ts';
import type { OwnedDatabase } from '../postgres/run-databases.ts';
import { roundTrip } from '../round-trip.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { testDatabase, testTools } from '../testing.ts';
import type { CheckId } from './check.ts';
import { HAZARDS } from './hazards.ts';
import { predict } from './predict.ts';
import type { TrialResult } from './trial-result.ts';

const corpus = new URL('../../properties/corpus/', import.meta.url).pathname;
const { version } = testTools();
const world: World = {
  subject: auditChain.traits,
  server: version,
  tools: version,
  compression: ['gzip'],
  locales: ['C'],
  icu: true,
  superuser: true,
};

/** A database of the options that a target asks for. */
async function createTarget(options: CreateDatabaseOptions): Promise<OwnedDatabase> {
  const server = { version, fsync: true };
  const words = createDatabaseSql('x', options, server)
    .replace(/^.*?TEMPLATE/, 'TEMPLATE')
    .replace(/ALLOW_.*$/, '');
  const database = await testDatabase(words);
  await using connection = await connect(database.settings);
  for (const [name, value] of Object.entries(options.settings ?? {})) {
    await connection.query(
      `ALTER DATABASE ${database.settings.database} SET ${name} = ${connection.escapeLiteral(value)}`,
    );
  }
  return Object.assign(database, { name: database.settings.database });
}

/** One trial on databases of its own. */
async function tryCase(trial: Case): Promise<TrialResult> {
  await using source = await testDatabase();
  {
    await using connection = await connect(source.settings);
    await auditChain.install(connection);
  }
  const directory = await mkdtemp(join(tmpdir(), 'hazards-'));
  try {
    return await roundTrip(trial, {
      tools: testTools(),
      database: source.settings,
      maintenance: { ...source.settings, database: 'postgres' },
      createTarget,
      subject: auditChain,
      directory,
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

const failedChecks = ({ checks }: TrialResult): CheckId[] =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
const corpusCase = async (id: string): Promise<Case> =>
  (await readCaseFile(join(corpus, `${id}.json`))).trial;

describe('each hazard has a case in the corpus that shows it', () => {
  test.concurrent.each(HAZARDS.map((hazard) => [hazard.id, hazard] as const))('%s', async (id, hazard) => {
    const trial = await corpusCase(id);
    const prediction = predict(trial, caseFacts(trial.workload, auditChain.traits), world);
    expect(prediction).toMatchObject({ verdict: hazard.verdict, hazard: id });
    const result = await tryCase(trial);
    expect(result.verdict).toBe(hazard.verdict);
    expect(result.refusal?.firstErrorLine ?? 'silent').toMatch(hazard.says ?? 'silent');
    const failed = failedChecks(result);
    expect(hazard.seenBy.some((check) => failed.includes(check))).toBe(!hazard.loud);
    expect((hazard.spares ?? []).filter((check) => failed.includes(check))).toEqual([]);
  });
});

test('of text that is reinterpreted the four first checks see nothing', async () => {
  const failed = failedChecks(await tryCase(await corpusCase('sql-ascii-dump-reinterpreted')));
  expect(failed).toContain('row-bytes');
  for (const check of ['row-count', 'chain-head', 'verify-clean', 'verify-walked']) {
    expect(failed).not.toContain(check);
  }
});

test('a silent hazard names the checks that see it, a loud one what the tool says', () => {
  for (const { loud, verdict, seenBy, says } of HAZARDS) {
    expect(loud).toBe(verdict === 'refused');
    expect(seenBy.length > 0).toBe(!loud);
    expect(says !== undefined).toBe(loud);
  }
  expect(new Set(HAZARDS.map(({ id }) => id)).size).toBe(HAZARDS.length);
});

test('predictions cannot see results', async () => {
  const here = new URL('.', import.meta.url).pathname;
  const seen = new Set<string>();
  const follow = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = await readFile(join(here, file), 'utf8');
    // From check.ts hazards take the names of the checks and nothing else.
    for (const [, names = '', path = ''] of source.matchAll(/^import ([^;]*?) from '\.\/([\w-]+\.ts)';/gm)) {
      if (path !== 'check.ts' || names !== 'type { CheckId }') await follow(path);
    }
    for (const [, room] of source.matchAll(/^import [^;]*?from '\.\.\/([\w-]+)/gm)) {
      expect(['case', 'text']).toContain(room);
    }
  };
  await follow('hazards.ts');
  await follow('predict.ts');
  expect(seen.size).toBeGreaterThan(8);
  for (const forbidden of ['trial-result.ts', 'judge.ts', 'refusal.ts', 'row-bytes.ts', 'check.ts']) {
    expect([...seen]).not.toContain(forbidden);
  }
  expect(
    (await readdir(here)).filter(
      (file) => /hazard|predict/.test(file) && !/test/.test(file) && !seen.has(file),
    ),
  ).toEqual([]);
});
