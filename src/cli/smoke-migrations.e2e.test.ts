import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { home, sharedUrl, type Ended, type Home } from './test-program.ts';

const BUILT_IN = readFileSync(join(packageRoot, 'src/subject/builtin/audit-chain.sql'), 'utf8');

/** A directory of migrations: the built-in subject, and what the test adds. */
function migrations(at: Home, more: Readonly<Record<string, string>>): string {
  mkdirSync(join(at.directory, 'migrations'));
  for (const [name, sql] of Object.entries(more)) writeFileSync(join(at.directory, 'migrations', name), sql);
  return 'migrations';
}

function checkLine({ out }: Ended, id: string): string | undefined {
  return out.find((line) => line.slice(12).startsWith(`${id} `));
}

/** The failed checks' lines with the two below each. */
function failures({ out }: Ended): string[] {
  return out.flatMap((line, at) => (line.startsWith('  FAILED') ? out.slice(at, at + 3) : []));
}

const FIVE_TABLES = `
CREATE TABLE teams (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE people (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), team int REFERENCES teams, born date);
CREATE TABLE certificates (serial numeric(40) PRIMARY KEY, der bytea NOT NULL, not_after timestamptz);
CREATE TABLE settings (name text COLLATE "C" PRIMARY KEY, value jsonb);
CREATE TABLE notes (body text);
INSERT INTO teams (name) VALUES ('a; b'), ('c');
INSERT INTO people (team, born) SELECT id, '2000-02-29' FROM teams;
INSERT INTO certificates VALUES (170141183460469231731687303715884105727, '\\x00ff', 'infinity');
INSERT INTO settings VALUES ('Ä', '{"n": 1.0}'), ('a', NULL);
INSERT INTO notes SELECT $note$it's ; one -- note$note$ FROM generate_series(1, 3);
DO $do$ BEGIN
  EXECUTE 'COMMENT ON TABLE notes IS ''made in a block; with a semicolon''';
END $do$;
GRANT SELECT ON audit_events TO nobody_made_this_role;
`;

test.concurrent('a directory of migrations is the subject, and every table of it counts', async () => {
  await using at = await home();
  const [tables = '', worm = '', chain = '', verify = ''] = BUILT_IN.split(
    /^(?=-- (?:Write once|The chain:|Walks all))/m,
  );
  const directory = migrations(at, {
    '000001_tables.up.sql': `BEGIN;\n${tables}\nCOMMIT;\n`,
    '000002_worm.up.sql': worm,
    '000003_chain.up.sql': `START TRANSACTION;\n${chain}\nEND;\n`,
    '000004_verify.up.sql': verify,
    '000005_rest.up.sql': FIVE_TABLES,
    '000005_rest.down.sql': 'DROP TABLE notes;',
    'README.md': 'not SQL',
  });
  const ended = await at.run(['smoke', '--migrations', directory]);
  expect(ended).toMatchObject({ exitCode: 0, err: [] });
  expect(ended.out[1]).toMatch(/^ {2}subject +\d+\.\d\d s {2}5 migrations of migrations$/);
  expect(ended.out).toContain('PASS  rows=24  chain_head=6bc51000…  verifier=clean');
  // 24 events, the head, 2 teams, 2 people, 1 certificate, 2 settings, 3 notes; and the record of 5 migrations.
  expect(checkLine(ended, 'row-bytes')).toBe(
    '  held      row-bytes          40 rows of 8 tables, every column',
  );
  expect(await at.leftovers()).toEqual([]);
});

// The column is computed anew by the restore, in whose session the database's time zone counts.
const LOCAL_DAY = `
CREATE FUNCTION day_of(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE
  AS $$ SELECT to_char(at, 'YYYY-MM-DD HH24:MI TZ') $$;
ALTER TABLE audit_events ADD COLUMN "100%:day, local" text GENERATED ALWAYS AS (day_of("timestamp")) STORED;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Tokyo''', current_database()); END $$;
`;

// --no-owner gives it to whoever restores, so that it runs with other rights.
const AUDITORS_VERIFIER = `
DO $$ BEGIN CREATE ROLE cli_auditor; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT SELECT ON audit_events TO cli_auditor;
ALTER FUNCTION audit_events_verify_chain() RENAME TO walk_chain;
CREATE FUNCTION audit_events_verify_chain(OUT first_break_id text, OUT first_break_pos int, OUT row_count int)
  LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    IF current_user <> 'cli_auditor' THEN RAISE 'not as the auditor'; END IF;
    SELECT w.first_break_id, w.first_break_pos, w.row_count INTO first_break_id, first_break_pos, row_count
      FROM walk_chain() AS w;
  END $$;
ALTER FUNCTION audit_events_verify_chain() OWNER TO cli_auditor;
`;

// Restores run with an empty search_path.
const UNQUALIFIED_CHECK = `
CREATE TABLE limits (most int);
CREATE FUNCTION within_limit(n int) RETURNS boolean LANGUAGE sql AS $$ SELECT n <= (SELECT max(most) FROM limits) $$;
CREATE TABLE quotas (n int CHECK (within_limit(n)));
INSERT INTO limits VALUES (10);
INSERT INTO quotas VALUES (5);
`;

const REFUSAL =
  'pg_restore exited 1: pg_restore: error: COPY failed for table "quotas": ERROR:  relation "limits" does not exist';

describe.concurrent('a schema that does not come back as it was fails, with the reason and both values', () => {
  test.each([
    {
      what: 'lossy: a generated column that depends on the time zone',
      sql: LOCAL_DAY,
      reason: 'lossy: every tool exited 0, and rows differ: row-bytes',
      checks: [
        '  FAILED    row-bytes          table public.audit_events: row 1 ("audit-000001"): column 100%:day, local differs',
        '                               source:   "2026-01-05 07:00 UTC"',
        '                               restored: "2026-01-05 16:00 JST"',
      ],
      annotated:
        'row-bytes: table public.audit_events: row 1 ("audit-000001"): column 100%25:day, local differs%0A  source: "2026-01-05 07:00 UTC"%0A  restored: "2026-01-05 16:00 JST"',
    },
    {
      what: 'drifted: a verifier that has to run as its owner',
      sql: AUDITORS_VERIFIER,
      reason:
        'drifted: every tool exited 0, the rows are the same, the behaviour is not: verify-clean, verify-walked, append-continues, tamper-seen',
      checks: expect.arrayContaining([
        '  FAILED    verify-clean       the verifier does not say clean',
        '                               source:   clean',
        '                               restored: not as the auditor (SQLSTATE P0001)',
        '  FAILED    verify-walked      the verifier did not walk every row of the source',
        '  FAILED    append-continues   an event cannot be appended and verified',
        '  FAILED    tamper-seen        the verifier fails',
      ]),
      annotated:
        'verify-clean: the verifier does not say clean%0A  source: clean%0A  restored: not as the auditor (SQLSTATE P0001)%0A',
    },
    {
      what: 'refused: a constraint whose function finds its table by the search_path',
      sql: UNQUALIFIED_CHECK,
      reason: `refused: ${REFUSAL}`,
      checks: [],
      annotated: `::refused: ${REFUSAL}%0A`,
    },
  ])('$what', async ({ sql, reason, checks, annotated }) => {
    await using at = await home();
    const directory = migrations(at, { '1_audit.up.sql': BUILT_IN, '2_more.up.sql': sql });
    const ended = await at.run(['smoke', '--migrations', directory, '--url', sharedUrl()], {
      GITHUB_ACTIONS: 'true',
    });
    expect(ended).toMatchObject({ exitCode: 1, err: [] });
    expect(ended.out.filter((line) => line.startsWith('FAIL '))).toEqual([`FAIL  ${reason}`]);
    expect(failures(ended)).toEqual(checks);
    const [annotation, ...others] = ended.out.filter((line) => line.startsWith('::'));
    expect(others).toEqual([]);
    expect(annotation).toMatch(
      /^::error title=restoreproof the-fixed-cycle-\S+--\w+--\S+--\w+::.*%0Areplay: restoreproof smoke --migrations /,
    );
    expect(annotation).toContain(annotated);
  });
});

describe.concurrent('migrations that cannot be used end with 2 before any dump', () => {
  test('one that fails is named with its line and SQLSTATE', async () => {
    await using at = await home();
    const directory = migrations(at, {
      '1_a.up.sql': 'CREATE TABLE a (i int);\n\nSELECT i / 0 FROM generate_series(1, 2) AS i;\n',
    });
    const { exitCode, err } = await at.run(['smoke', '--migrations', directory]);
    expect({ exitCode, err }).toEqual({
      exitCode: 2,
      err: [
        'restoreproof: migration 1_a.up.sql fails at line 3 (SQLSTATE 22012)',
        '  why:  division by zero',
        '  next: correct migrations/1_a.up.sql',
      ],
    });
    expect(await at.leftovers()).toEqual([]);
  });

  test('a schema that is no audit trail is told what it lacks', async () => {
    await using at = await home();
    const directory = migrations(at, { '1_a.up.sql': 'CREATE TABLE audit_events (id text);' });
    const { exitCode, err } = await at.run(['smoke', '--migrations', directory, '--url', sharedUrl()]);
    expect(exitCode).toBe(2);
    expect(err[0]).toMatch(
      /^restoreproof: the database restoreproof_\w+ is not the subject: it has no column audit_events\.actor, /,
    );
    expect(err.slice(1)).toEqual([expect.stringMatching(/^ {2}why: /), expect.stringMatching(/^ {2}next: /)]);
  });

  test('a directory without migrations, and one that is not there', async () => {
    await using at = await home();
    const directory = migrations(at, { 'schema.sql': 'SELECT 1' });
    expect(await at.run(['smoke', '--migrations', directory])).toEqual({
      exitCode: 2,
      out: [],
      err: [
        'restoreproof: there is no migration in migrations',
        '  why:  there are .sql files without .up in their names, such as schema.sql',
        expect.stringMatching(/^ {2}next: migrations are files named NNNNNN_name\.up\.sql, /),
      ],
    });
    expect(await at.run(['smoke', '--migrations', 'nowhere'])).toEqual({
      exitCode: 2,
      out: [],
      err: [
        'restoreproof: the directory of migrations nowhere cannot be read',
        '  why:  there is no such directory',
        '  next: give --migrations a directory of NNNNNN_name.up.sql files that this user may read',
      ],
    });
  });
});
