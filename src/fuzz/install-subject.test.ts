import { readFile } from 'node:fs/promises';
import { inject, describe, expect, test } from 'vitest';
import type { Case, DumpPlan, Target } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { UsageError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { connect } from '../postgres/connection.ts';
import type { OwnedDatabase } from '../postgres/run-databases.ts';
import { auditChain } from '../subject/audit-chain.ts';
import type { ChosenSubject } from '../subject/choose-subject.ts';
import { testEngine } from '../testing.ts';
import { readDatabaseSettings } from './database-settings.ts';
import { judgeByPrediction } from './judge-trial.ts';
import { Lane } from './lane.ts';
import { withGround } from './with-ground.ts';

const BUILT_IN = await readFile(`${packageRoot}src/subject/builtin/audit-chain.sql`, 'utf8');

function migrationsOf(...files: readonly string[]): ChosenSubject {
  const migrations = files.map((sql, index) => {
    const name = `${index + 1}_file.up.sql`;
    return { name, path: name, sql, sha256: String(index) };
  });
  return { subject: auditChain, migrations, description: 'of a test' };
}

const ROLE = `restoreproof_test_${process.pid}`;

/** Fifty tables that refer to one another, each with rows whose texts hurt. */
const FIFTY_TABLES = Array.from({ length: 50 }, (_, index) => {
  const parent = index === 0 ? '' : `parent bigint REFERENCES app_${index},`;
  return `CREATE TABLE app_${index + 1} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${parent}
      name varchar(20) NOT NULL UNIQUE, body jsonb, amount numeric(12, 2), tags text[], at timestamptz DEFAULT '2020-01-01');
    CREATE INDEX ON app_${index + 1} (at);
    INSERT INTO app_${index + 1} (name, body, amount, tags) VALUES
      ('ä', '{"zz": 1.10, "é": 2}', 1.50, ARRAY['x', 'it''s']), (E'a\\\\b\\t', NULL, -0.01, NULL);`;
}).join('\n');

const MORE = `CREATE EXTENSION citext; CREATE SCHEMA billing; CREATE TYPE billing.state AS ENUM ('open', 'closed');
  CREATE TABLE billing.invoices (id uuid PRIMARY KEY, state billing.state NOT NULL, owner citext, note varchar(10));
  INSERT INTO billing.invoices VALUES ('00000000-0000-0000-0000-000000000001', 'open', 'Ann', '漢字漢字漢字');
  CREATE ROLE ${ROLE}; GRANT SELECT ON audit_events TO ${ROLE}; GRANT USAGE ON SCHEMA billing TO ${ROLE};
  DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = "$user", public, billing', current_database());
    EXECUTE format('ALTER ROLE ${ROLE} IN DATABASE %I SET DateStyle = ''SQL, DMY''', current_database()); END $$;`;

interface Plans {
  readonly dump?: Partial<DumpPlan>;
  readonly restore?: Partial<Case['restore']>;
  readonly target?: Target;
}

function trialOf({ dump, restore, target = { kind: 'wiped' } }: Plans): Case {
  const base = smokeCase(2);
  return {
    ...base,
    dump: { format: 'custom', ...dump },
    restore: { tool: 'pg_restore', ...restore },
    target,
  };
}

const LATIN1: Target = { kind: 'fresh', encoding: 'LATIN1', provider: 'libc', locale: 'C' };

/** The events of these cases are ASCII: what is predicted beside `faithful` rests on the other tables. */
const PREDICTED: readonly (readonly [string, Plans])[] = [
  ['faithful', { restore: { create: true } }],
  ['faithful', { dump: { format: 'directory', jobs: 2 }, target: { kind: 'fresh' } }],
  ['refused (hazard target-encoding-without-equivalent)', { target: LATIN1 }],
  ['refused (hazard dump-encoding-without-equivalent)', { dump: { options: ['--encoding=LATIN1'] } }],
  [
    'refused (hazard bytes-counted-as-characters)',
    { dump: { options: ['--encoding=SQL_ASCII'] }, target: LATIN1 },
  ],
  [
    'lossy (hazard schema-left-out)',
    {
      dump: { format: 'plain', options: ['--table=audit_*'] },
      restore: { tool: 'psql', go_on_after_errors: true },
    },
  ],
];

async function searchPathOf({ settings }: OwnedDatabase): Promise<string | undefined> {
  await using connection = await connect(settings);
  return (await connection.query<{ search_path: string }>('SHOW search_path')).rows[0]?.search_path;
}

async function rolesAndDatabases(): Promise<string[]> {
  await using connection = await connect(inject('server').settings);
  const { rows } = await connection.query<{ name: string }>(
    `SELECT rolname AS name FROM pg_roles WHERE rolname = $1
     UNION SELECT datname FROM pg_database WHERE shobj_description(oid, 'pg_database') LIKE '%' || $1 || '%'`,
    [ROLE],
  );
  return rows.map(({ name }) => name);
}

test('a directory of migrations of a realistic size is predicted as well, at one installation a run', async () => {
  const seen: string[] = [];
  const chosen = migrationsOf(BUILT_IN, FIFTY_TABLES, MORE);
  await withGround(testEngine(), { chosen }, async (ground) => {
    const { installed } = ground.world.subject;
    expect(installed).toMatchObject({
      // Fifty, the invoices, and the record of the migrations.
      tables: 52,
      rows: 50 * 2 + 1 + 3,
      otherSchemas: true,
      wideDefinitions: false,
      outOfSight: false,
      again: false,
      usualTriggers: true,
      settings: [`datestyle for role ${ROLE}`, 'search_path'],
      bounded: [{ text: '漢字漢字漢字', limit: 10 }],
    });
    expect(installed?.characters.toSorted()).toEqual(['ä', 'é', '字', '漢']);
    expect(installed?.keys).toHaveLength(50);
    const lane = new Lane(ground, 'migrations');
    await using source = await lane.source();
    expect(await searchPathOf(source)).toBe('"$user", public, billing');
    expect(await readDatabaseSettings(source.settings)).toContainEqual({
      name: 'DateStyle',
      value: 'SQL, DMY',
      role: ROLE,
    });
    for (const [, plans] of PREDICTED) {
      const { predicted, finding } = await judgeByPrediction(trialOf(plans), lane, { thorough: false });
      seen.push(finding?.summary ?? predicted);
    }
  });
  expect(seen).toEqual(PREDICTED.map(([predicted]) => predicted));
  expect(await rolesAndDatabases()).toEqual([]);
});

describe('migrations that cannot be fuzzed are refused before any trial', () => {
  test.each([
    [
      'an event is refused',
      `ALTER TABLE audit_events ADD CHECK (actor = 'me')`,
      /does not take an event$/,
      /23514/,
    ],
    [
      'another payload is hashed',
      `DROP FUNCTION audit_events_canonical_payload; CREATE FUNCTION audit_events_canonical_payload(text, text, text,
         text, text, text, text, jsonb, timestamptz, text) RETURNS text LANGUAGE sql AS 'SELECT $2'`,
      /not the one that the harness computes/,
      /another payload/,
    ],
    [
      'there are events already',
      `INSERT INTO audit_events (id, actor, actor_type, action, resource_type, resource_id) VALUES ('1', 'a', 'b', 'c', 'd', 'e')`,
      /leaves 1 rows in audit_events/,
      /older than/,
    ],
  ])('%s', async (_, sql, what, why) => {
    const running = withGround(testEngine(), { chosen: migrationsOf(BUILT_IN, sql) }, () =>
      Promise.resolve(),
    );
    const error: unknown = await running.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(what);
    expect((error as UsageError).why).toMatch(why);
  });
});

test('what an installation takes is found by trying', async () => {
  const sql = `ALTER TABLE audit_events DROP CONSTRAINT audit_events_event_category_check,
    ADD CHECK (event_category IN ('auth', 'other')), ALTER event_category SET DEFAULT 'auth', ALTER actor TYPE varchar(100),
    ALTER resource_id TYPE text`;
  const intake = await withGround(testEngine(), { chosen: migrationsOf(BUILT_IN, sql) }, (ground) =>
    Promise.resolve(ground.world.subject.intake),
  );
  expect(intake).toEqual({
    limits: { actor: 100, actor_type: 50, action: 255, resource_type: 255 },
    categories: ['auth', 'other'],
    infinity: 'refused',
  });
});
