import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Case } from '../case/case.ts';
import { caseFacts } from '../case/case-facts.ts';
import { carryOver } from '../case/carry-over.ts';
import { readCaseFile } from '../case/case-file.ts';
import type { World } from '../case/world.ts';
import { createDatabaseSql, type CreateDatabaseOptions } from '../postgres/create-database.ts';
import { connect } from '../postgres/connection.ts';
import type { OwnedDatabase } from '../postgres/run-databases.ts';
import { roundTrip } from '../round-trip.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { BUILT_IN_SUBJECTS } from '../subject/built-in.ts';
import { hardened } from '../subject/hardened.ts';
import type { Subject } from '../subject/subject.ts';
import { subjectDatabase, testDatabase, testTools } from '../testing.ts';
import type { CheckId } from './check.ts';
import { sparedBy, wordsOf } from './hazard.ts';
import { HAZARDS } from './hazards.ts';
import { describePrediction, predict } from './predict.ts';
import { UPGRADE_HAZARDS } from './upgrade-hazards.ts';
import type { TrialResult } from './trial-result.ts';

const corpus = new URL('../../properties/corpus/', import.meta.url).pathname;
const { version } = testTools();
const worldOf = ({ traits }: Subject): World => ({
  subject: traits,
  server: version,
  tools: version,
  compression: ['gzip'],
  locales: ['C'],
  icu: true,
  superuser: true,
});

/** A database of the options that a target asks for. */
async function createTarget(options: CreateDatabaseOptions): Promise<OwnedDatabase> {
  const server = { version, fsync: true };
  const words = createDatabaseSql('x', options, server)
    .replace(/^.*?TEMPLATE/, 'TEMPLATE')
    .replace(/STRATEGY .*$|ALLOW_.*$/, '');
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
async function tryCase(trial: Case, subject: Subject = auditChain): Promise<TrialResult> {
  await using source = await subjectDatabase(subject);
  const directory = await mkdtemp(join(tmpdir(), 'hazards-'));
  try {
    return await roundTrip(trial, {
      tools: testTools(),
      database: source.settings,
      maintenance: { ...source.settings, database: 'postgres' },
      createTarget,
      subject,
      secondDump: false,
      directory,
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

const failedChecks = ({ checks }: TrialResult): CheckId[] =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
/** The case of the corpus, and the subject that it is of. */
async function corpusCase(id: string): Promise<{ trial: Case; subject: Subject }> {
  const file = await readCaseFile(join(corpus, `${id}.json`));
  return { trial: file.trial, subject: file.subject === 'hardened' ? hardened : auditChain };
}

/** Hazards of both that the verifier of the first subject passes over, and that of the hardened one reports. */
const ONLY_HARDENED_SEES = ['sql-ascii-dump-reinterpreted', 'events-left-out', 'head-not-replaced'];

/** Those that take one server; for the others see `fuzz/between-servers.e2e.test.ts`. */
const ALONE = HAZARDS.filter((hazard) => !UPGRADE_HAZARDS.includes(hazard));

describe('each hazard has a case in the corpus that shows it', () => {
  test.concurrent.each(ALONE.map((hazard) => [hazard.id, hazard] as const))('%s', async (id, hazard) => {
    const { trial, subject } = await corpusCase(id);
    const prediction = predict(trial, caseFacts(trial.workload, subject.traits), worldOf(subject));
    expect(prediction).toMatchObject({ verdict: hazard.verdict, hazard: id });
    const result = await tryCase(trial, subject);
    expect(result.verdict).toBe(hazard.verdict);
    expect(result.refusal?.firstErrorLine ?? 'silent').toMatch(wordsOf(hazard, trial) ?? 'silent');
    const failed = failedChecks(result);
    expect(hazard.seenBy.some((check) => failed.includes(check))).toBe(!hazard.loud);
    expect(sparedBy(hazard, subject.traits).filter((check) => failed.includes(check))).toEqual([]);
    expect(failed.includes('verify-clean') && ONLY_HARDENED_SEES.includes(id)).toBe(false);
  });
});

/** What the other built-in subject makes of a hazard's case, where that is not the hazard itself. Worked out by hand. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'search-path-without-public': 'faithful',
  'schema-without-extension': 'faithful',
  'triggers-asleep': 'faithful',
  'ties-in-another-order': 'faithful',
  'hash-over-server-encoding': 'faithful',
  'bytes-counted-as-characters': 'faithful',
  'triggers-fire-on-data': 'refused (hazard triggers-refuse-data)',
  'triggers-refuse-data': 'refused (hazard triggers-fire-on-data)',
  'always-triggers-become-ordinary': 'faithful',
  'schema-public-closed': 'drifted (hazard schema-without-extension)',
};

describe('the other built-in subject survives some of them', () => {
  test.concurrent.each(ALONE.map((hazard) => [hazard.id, hazard] as const))('%s', async (id, hazard) => {
    const { trial: of, subject: from } = await corpusCase(id);
    const to = BUILT_IN_SUBJECTS.find((other) => other !== from) ?? from;
    const trial = carryOver(of, from.traits, to.traits);
    const prediction = predict(trial, caseFacts(trial.workload, to.traits), worldOf(to));
    expect(describePrediction(prediction)).toBe(ELSEWHERE[id] ?? `${hazard.verdict} (hazard ${id})`);
    const result = await tryCase(trial, to);
    expect(`${result.verdict}: ${failedChecks(result).join()}`).toMatch(
      new RegExp(`^${prediction.verdict}: `),
    );
    const same = 'hazard' in prediction ? HAZARDS.find((one) => one.id === prediction.hazard) : undefined;
    expect(result.refusal?.firstErrorLine ?? 'silent').toMatch((same && wordsOf(same, trial)) ?? 'silent');
    if (same?.loud !== false || !('alone' in prediction)) return;
    const failed = failedChecks(result);
    expect(same.seenBy.some((check) => failed.includes(check))).toBe(true);
    const spared = prediction.alone ? sparedBy(same, to.traits) : [];
    expect(spared.filter((check) => failed.includes(check))).toEqual([]);
    expect(failed.includes('verify-clean') || !ONLY_HARDENED_SEES.includes(id)).toBe(true);
  });
});

test('of text that is reinterpreted the four first checks see nothing', async () => {
  const failed = failedChecks(await tryCase((await corpusCase('sql-ascii-dump-reinterpreted')).trial));
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
    // And from the snapshot the names of what a catalog has.
    for (const [, names, room] of source.matchAll(/^import ([^;]*?) from '\.\.\/([\w-]+)/gm)) {
      expect(['case', 'text', ...(names === 'type { CatalogKind }' ? ['snapshot'] : [])]).toContain(room);
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
