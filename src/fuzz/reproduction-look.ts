import type { CheckId } from '../verdict/check.ts';
import { exemptKinds } from '../verdict/exemptions.ts';
import type { Case } from '../case/case.ts';
import type { CatalogKind } from '../snapshot/catalog.ts';

/** What pg_dump leaves out of a schema of which the plan leaves it out by its own words. */
const LEFT_OUT: Partial<Record<CatalogKind, string>> = {
  owner: '--no-owner',
  grant: '--no-acl',
  comment: '--no-comments',
  'security-label': '--no-security-labels',
};

/** The shell function that writes down what a database says about itself: the same lines for the same contents. */
export function lookFunction(trial: Case): string {
  const exempt = exemptKinds(trial);
  const options = [...exempt].flatMap((kind) => LEFT_OUT[kind] ?? []);
  const settings = exempt.has('database-setting') ? '' : `\n${DATABASE_SETTINGS}`;
  return `# What a database says about itself. What is tried on it is rolled back.
look() {
    psql --no-psqlrc --quiet --no-align --dbname="$1" <<'SQL' 2>&1 || return
${LOOK}${settings}
SQL
    # The keys of \\restrict are new for each dump.
    pg_dump ${['--schema-only', '--encoding=UTF8', ...options].join(' ')} --dbname="$1" 2>&1 |
        sed -e '/^\\\\restrict /d' -e '/^\\\\unrestrict /d'
}`;
}

/** The parts of a look, and the checks of the harness that see the same. */
export const LOOK_PARTS: Readonly<Record<string, readonly CheckId[]>> = {
  'number of rows, newest hash, what the verifier says': [
    'row-count',
    'chain-head',
    'verify-clean',
    'verify-walked',
  ],
  'rows of audit_chain_head and of audit_events': ['row-bytes'],
  'one more event: it has to go on from the newest hash, and the verifier to walk over it': [
    'append-continues',
  ],
  'UPDATE and DELETE of an event in the middle: both have to be refused': ['worm-enforced'],
  'its hash changed behind the triggers: the verifier has to stop there': ['tamper-seen'],
  schema: ['schema'],
};

const [NUMBERS, ROWS, APPEND, WORM, TAMPER, SCHEMA] = Object.keys(LOOK_PARTS);

/** Sorted by the bytes of UTF-8, which do not depend on the database's collation or encoding. */
const LOOK = `\\encoding UTF8
\\set VERBOSITY terse
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';
SET extra_float_digits = 3;
SET bytea_output = 'hex';
SET row_security = off;

\\echo '== ${NUMBERS}'
SELECT count(*) FROM audit_events;
SELECT row_hash FROM audit_chain_head WHERE id = 1;
SELECT first_break_id, first_break_pos, row_count FROM audit_events_verify_chain();

\\echo '== ${ROWS}'
COPY (SELECT * FROM audit_chain_head ORDER BY id) TO STDOUT;
COPY (SELECT * FROM audit_events ORDER BY convert_to(id, 'UTF8')) TO STDOUT;

\\echo '== ${APPEND}'
\\set ON_ERROR_ROLLBACK on
\\set QUIET off
BEGIN;
INSERT INTO audit_events
    (id, actor, actor_type, action, resource_type, resource_id, details, "timestamp", event_category)
  SELECT 'zzzz-appended', 'repro', 'system', 'auth.login', 'session', 'append', '{"appended": 1.0}',
    CASE WHEN max("timestamp") >= '294276-12-31 23:59:59.999999+00' THEN max("timestamp")
      ELSE coalesce(max("timestamp") + interval '1 microsecond', '2026-01-01 00:00:00.000001+00') END, 'auth'
  FROM audit_events
  RETURNING prev_hash, row_hash;
SELECT row_hash FROM audit_chain_head WHERE id = 1;
SELECT first_break_id, first_break_pos, row_count FROM audit_events_verify_chain();

\\echo '== ${WORM}'
SELECT id AS middle FROM audit_events ORDER BY "timestamp", id
  OFFSET (SELECT (count(*) - 1) / 2 FROM audit_events) LIMIT 1 \\gset
SAVEPOINT untouched;
UPDATE audit_events SET actor = actor WHERE id = :'middle';
DELETE FROM audit_events WHERE id = :'middle';
ROLLBACK TO untouched;

\\echo '== ${TAMPER}'
ALTER TABLE audit_events DISABLE TRIGGER USER;
UPDATE audit_events SET row_hash = overlay(row_hash PLACING chr(ascii(row_hash) # 1) FROM 1 FOR 1)
  WHERE id = :'middle';
SELECT first_break_id, first_break_pos FROM audit_events_verify_chain();
ROLLBACK;
\\echo '== ${SCHEMA}'`;

const DATABASE_SETTINGS = `SELECT unnest(setconfig) FROM pg_db_role_setting
  WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database());`;
