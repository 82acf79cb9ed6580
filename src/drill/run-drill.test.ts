import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { smokeCase } from '../case/smoke-case.ts';
import { RestoreproofError } from '../errors.ts';
import { connect, libpqEnvironment } from '../postgres/connection.ts';
import { openThrowawayDirectory, type ThrowawayDirectory } from '../postgres/throwaway-directory.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { takeSnapshot } from '../snapshot/take-snapshot.ts';
import { packageRoot } from '../package-root.ts';
import { readSubjectFile } from '../subject/subject-file.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { testDatabase, testEngine, testTools } from '../testing.ts';
import { applyWorkload } from '../workload/apply-workload.ts';
import type { DrillOptions, DrillResult } from './drill-result.ts';
import { openDump } from './dump-file.ts';
import { runDrill } from './run-drill.ts';

let directory: ThrowawayDirectory;
let source: Awaited<ReturnType<typeof testDatabase>>;
let pre: Snapshot;

const ROLES = ['drill_owner', 'Drill "Reader"'];
const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A database as an operator has it: owners, grants, settings of its own, another table. Its roles are gone by the time of a drill. */
beforeAll(async () => {
  directory = await openThrowawayDirectory();
  source = await testDatabase(`TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`);
  await using connection = await connect(source.settings);
  await auditChain.install(connection);
  await applyWorkload(connection, smokeCase().workload, auditChain.writing);
  const [owner = '', reader = ''] = ROLES.map(quote);
  await connection.query(`CREATE ROLE ${owner}; CREATE ROLE ${reader};
    CREATE TABLE notes (id int PRIMARY KEY, text text); INSERT INTO notes VALUES (1, 'x');
    ALTER TABLE audit_events OWNER TO ${owner}; ALTER TABLE notes OWNER TO ${owner};
    GRANT SELECT ON audit_events TO ${reader};
    ALTER DATABASE ${quote(source.settings.database)} SET "DateStyle" TO 'German'`);
  pre = await takeSnapshot(connection, {
    phase: 'source',
    subject: auditChain,
    trailFile: join(directory.path, 'pre'),
  });
  for (const [name, ...options] of DUMPS) await dumpTo(name, options);
  const script = readFileSync(at('plain.sql'));
  writeFileSync(at('plain.sql.gz'), gzipSync(script));
  writeFileSync(at('custom.gz'), gzipSync(readFileSync(at('custom'))));
  await connection.query(`REASSIGN OWNED BY ${owner} TO CURRENT_USER; DROP OWNED BY ${reader};
    DROP ROLE ${owner}; DROP ROLE ${reader}`);
});
afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

const DUMPS = [
  ['custom', '-Fc'],
  ['directory', '-Fd'],
  ['tar', '-Ft'],
  ['plain.sql', '-Fp'],
  ['created.sql', '-Fp', '--create'],
  ['bare.sql', '-Fp', '--no-owner', '--no-acl'],
] as const;

const at = (name: string): string => join(directory.path, name);

async function dumpTo(name: string, options: readonly string[]): Promise<void> {
  const argv = [...options, '-f', at(name)];
  const { exitCode } = await testTools().run('pg_dump', argv, {
    environment: libpqEnvironment(source.settings),
  });
  expect([name, exitCode]).toEqual([name, 0]);
}

async function drill(name: string, change: Partial<DrillOptions> = {}): Promise<DrillResult> {
  try {
    return await runDrill({
      dump: await openDump(at(name)),
      engine: { ...testEngine(), throwaway: true },
      subject: auditChain,
      against: pre,
      exempt: [],
      signal: new AbortController().signal,
      onStep: () => undefined,
      ...change,
    });
  } finally {
    await forget();
  }
}

/** What a throwaway server takes along, this one keeps. */
async function forget(): Promise<void> {
  await using connection = await connect(inject('server').settings);
  for (const role of ROLES.map(quote)) await connection.query(`DROP ROLE IF EXISTS ${role}`);
}

/** Those of drills; other files of the test run may be in the middle of one. */
async function databases(): Promise<string[]> {
  await using connection = await connect(inject('server').settings);
  const { rows } = await connection.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname ~ '^restoreproof_.*' AND shobj_description(oid, 'pg_database') LIKE '%drill%'`,
  );
  return rows.map(({ datname }) => datname);
}

function failures({ checks }: DrillResult): string[] {
  return checks.filter(({ outcome }) => outcome === 'failed').map(({ id, summary }) => `${id}: ${summary}`);
}

const LEFT_OUT_ALONE = ['row-count', 'chain-head', 'row-bytes', 'schema', 'second-dump-equal'];

describe('every kind of dump', () => {
  test.each(['custom', 'directory', 'tar', 'custom.gz'])(
    '%s is faithful, with owners, grants and settings of the database',
    async (name) => {
      const result = await drill(name);
      expect([result.verdict, failures(result)]).toEqual(['faithful', []]);
      expect(result.roles.toSorted()).toEqual(ROLES.toSorted());
      expect(result.unproven).toEqual([]);
      const schema = result.checks.find(({ id }) => id === 'schema');
      expect(schema?.summary).toMatch(/^\d+ catalog objects$/);
      expect(result.databaseBytes).toBeGreaterThan(1_000_000);
    },
  );

  test.each(['plain.sql', 'plain.sql.gz'])(
    '%s is faithful; it does not tell settings of the database',
    async (name) => {
      const result = await drill(name);
      expect([result.verdict, failures(result)]).toEqual(['faithful', []]);
      expect(result.unproven).toEqual([expect.stringMatching(/^settings of the database/)]);
      expect(result.checks.find(({ id }) => id === 'schema')?.summary).toMatch(
        /not compared: database-setting$/,
      );
    },
  );

  test('nothing is left', async () => {
    await expect.poll(databases).toEqual([]);
  });
});

test('without a snapshot, what needs one is left out, and said', async () => {
  const result = await drill('custom', { against: undefined });
  expect([result.verdict, failures(result)]).toEqual(['sound', []]);
  const left = result.checks.filter(({ outcome }) => outcome === 'left-out').map(({ id }) => id);
  expect(left).toEqual(LEFT_OUT_ALONE);
  expect(result.unproven.join('\n')).toContain('rows missing at the end of the trail');
});

describe('a dump that does not hold what it should', () => {
  const spoil = (name: string, change: (script: string) => string): string => {
    const script = readFileSync(at('bare.sql'), 'utf8');
    const spoilt = change(script);
    expect(spoilt).not.toBe(script);
    writeFileSync(at(name), spoilt);
    return name;
  };
  const withoutLastRow = (script: string): string => script.replace(/^audit-000024\t.*\n/m, '');
  const withoutMiddleRow = (script: string): string => script.replace(/^audit-000012\t.*\n/m, '');
  const otherActor = (script: string): string => script.replace(/^(audit-000007\t)\w+/m, '$1somebody');
  // The trigger's function fails before it refuses.
  const failingWorm = (script: string): string =>
    script.replace(/RAISE EXCEPTION 'audit_events is/, 'PERFORM nowhere(); $&');

  test.each([
    ['its last row', withoutLastRow, ['chain-recomputed']],
    ['a row in the middle', withoutMiddleRow, ['verify-clean', 'chain-recomputed']],
    ['an actor', otherActor, ['verify-clean', 'chain-recomputed']],
    ['its write-once trigger', failingWorm, ['worm-enforced']],
  ])('%s: seen without its source, too', async (what, change, ids) => {
    const alone = await drill(spoil('spoilt.sql', change), { against: undefined });
    expect(alone.verdict).toBe('unsound');
    expect(failures(alone).map((line) => line.replace(/:.*/, ''))).toEqual(expect.arrayContaining(ids));
    const against = await drill('spoilt.sql', { exempt: ['owner', 'grant', 'default-privilege'] });
    expect(against.verdict).toBe(what === 'its write-once trigger' ? 'drifted' : 'lossy');
  });

  test('the last rows with the head moved back: seen against the source alone', async () => {
    const back = (script: string): string => {
      const hash = /^audit-000024\t.*\t(\w{64})\t\w{64}$/m.exec(script)?.[1] ?? '';
      return withoutLastRow(script).replace(/^1\t\w{64}/m, `1\t${hash}`);
    };
    const name = spoil('back.sql', back);
    expect((await drill(name, { against: undefined })).verdict).toBe('sound');
    const against = await drill(name, { exempt: ['owner', 'grant'] });
    expect(against.verdict).toBe('lossy');
    expect(failures(against).map((line) => line.replace(/:.*/, ''))).toEqual(
      expect.arrayContaining(['row-count', 'chain-head', 'row-bytes']),
    );
  });

  test('the end of a script: refused, though psql would take what is there', async () => {
    const name = spoil('cut.sql', (script) => script.slice(0, script.indexOf('ADD CONSTRAINT') - 40));
    const result = await drill(name, { against: undefined });
    expect(result).toMatchObject({ verdict: 'refused', refusal: { stage: 'dump' } });
    expect(result.refusal?.firstErrorLine).toMatch(/cut short/);
  });

  test('the end of a gzip file, or of an archive', async () => {
    for (const name of ['plain.sql.gz', 'custom', 'custom.gz']) {
      const whole = readFileSync(at(name));
      writeFileSync(at('cut'), whole.subarray(0, whole.length - Math.floor(whole.length / 3)));
      expect([name, (await drill('cut', { against: undefined })).verdict]).toEqual([name, 'refused']);
    }
  });
});

describe('on a server that is not ours', () => {
  test('an archive comes without owners and grants, and that is said', async () => {
    const result = await drill('custom', { engine: { ...testEngine(), throwaway: false } });
    expect([result.verdict, failures(result)]).toEqual(['faithful', []]);
    expect(result.roles).toEqual([]);
    expect(result.unproven).toEqual([
      expect.stringMatching(/^owners and grants: restored with --no-owner --no-acl/),
    ]);
  });

  test.each([
    ['plain.sql', 'the dump cannot be tried here', /role "drill_owner" does not exist/],
    ['created.sql', 'enters the database', /written by pg_dump --create/],
  ])('%s is refused before it does harm', async (name, what, why) => {
    const refused = await drill(name, { engine: { ...testEngine(), throwaway: false } }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(RestoreproofError);
    expect(refused).toMatchObject({ exitCode: 2, why: expect.stringMatching(why) });
    expect((refused as Error).message).toContain(what);
    await expect.poll(databases).toEqual([]);
  });
});

describe('a described subject', () => {
  test('is drilled by its own queries, without a snapshot of its source as well', async () => {
    const ledger = await readSubjectFile(join(packageRoot, 'docs/subjects/ledger.yaml'));
    await using other = await testDatabase();
    {
      await using connection = await connect(other.settings);
      await ledger.install(connection);
      await applyWorkload(connection, smokeCase(4).workload, ledger.writing);
    }
    const dumped = await testTools().run('pg_dump', ['-Fp', '--no-owner', '-f', at('ledger.sql')], {
      environment: libpqEnvironment(other.settings),
    });
    expect(dumped.exitCode).toBe(0);
    const whole = await drill('ledger.sql', { subject: ledger, against: undefined });
    expect([whole.verdict, failures(whole), whole.restored?.row_count]).toEqual(['sound', [], 4]);
    expect(whole.unproven).toContainEqual(expect.stringMatching(/its own verifier is believed/));
    const script = readFileSync(at('ledger.sql'), 'utf8');
    const [line = ''] = /^1\t.*$/m.exec(script) ?? [];
    writeFileSync(at('ledger.sql'), script.replace(line, line.replace('certificate', 'Certificate')));
    const broken = await drill('ledger.sql', { subject: ledger, against: undefined });
    expect([broken.verdict, failures(broken)[0]]).toEqual([
      'unsound',
      'verify-clean: the verifier does not say clean',
    ]);
  });
});

describe('what the server cannot take is said before the restore', () => {
  const withLine = (name: string, line: string): string => {
    const script = readFileSync(at('bare.sql'), 'utf8').replace(/^SET statement_timeout.*$/m, `$&\n${line}`);
    writeFileSync(at(name), script);
    return name;
  };

  test.each([
    ['an extension', 'CREATE EXTENSION IF NOT EXISTS no_such_one;', /does not have: no_such_one/],
    ['a newer version', '-- Dumped from database version 99.1', /of PostgreSQL 99.1/],
  ])('%s', async (_, line, what) => {
    const name = withLine('needs.sql', line);
    if (line.startsWith('--')) {
      const script = readFileSync(at(name), 'utf8').replace(/^-- Dumped from database version 1.*$/m, '');
      writeFileSync(at(name), script);
    }
    await expect(drill(name)).rejects.toThrow(what);
  });
});
