import { escapeLiteral } from 'pg';
import type { CheckId } from '../verdict/check.ts';
import { exemptObjects, type Exempt } from '../verdict/exemptions.ts';
import type { Case } from '../case/case.ts';
import type { CatalogKind } from '../snapshot/catalog.ts';
import type { Subject } from '../subject/subject.ts';

/** What pg_dump leaves out of a schema of which the plan leaves it out by its own words. */
const LEFT_OUT: Partial<Record<CatalogKind, string>> = {
  owner: '--no-owner',
  grant: '--no-acl',
  comment: '--no-comments',
  'security-label': '--no-security-labels',
};

/** The shell functions that write down what a database says about itself: the same lines for the same contents. */
export function lookFunction(trial: Case, subject: Subject): string {
  const exempt = [...exemptObjects(trial, subject.traits)];
  const options = Object.entries(LEFT_OUT).flatMap(([kind, option]) =>
    exempt.some((object) => object === kind) ? [option] : [],
  );
  const settings = exempt.some((kind) => kind === 'database-setting') ? '' : `\n${settingsSql(exempt)}`;
  return `# What a database says about itself. What is tried on it is rolled back.
look() {
    psql --no-psqlrc --quiet --no-align --dbname="$1" <<'SQL' 2>&1 || return
${lookSql(trial, subject, exempt)}${settings}
SQL
    # The keys of \\restrict are new for each dump; the versions are those of the servers.
    PGOPTIONS='${SETTINGS_SHOWN.map((setting) => `-c ${setting}`).join(' ')}' \\
        pg_dump ${['--schema-only', '--encoding=UTF8', ...options].join(' ')} --dbname="$1" 2>&1 |
        sed -e '/^\\\\restrict /d' -e '/^\\\\unrestrict /d' -e '/^-- Dumped /d'
}

# Where its sequences are. What a look appends is rolled back, and sequences stay where that took them: so this comes
# after the look at the source, and before the look at the restored database.
positions() {
    psql --no-psqlrc --quiet --no-align --tuples-only --dbname="$1" <<'SQL' 2>&1
${POSITIONS} \\gexec
SQL
}`;
}

/** Settings that a database may have of its own, and that show in a script although they are no part of the schema. */
const SETTINGS_SHOWN = [
  'TimeZone=UTC',
  'standard_conforming_strings=on',
  'quote_all_identifiers=off',
  'bytea_output=hex',
];

/** The parts of a look, and the checks of the harness that see the same. */
export const LOOK_PARTS: Readonly<Record<string, readonly CheckId[]>> = {
  'number of rows, newest hash, what the verifier says': [
    'row-count',
    'chain-head',
    'verify-clean',
    'verify-walked',
  ],
  'rows of every table': ['row-bytes'],
  'one more event: it has to go on from the newest hash, and the verifier to walk over it': [
    'append-continues',
  ],
  'UPDATE and DELETE of an event in the middle: both have to be refused; TRUNCATE as before the dump': [
    'worm-enforced',
  ],
  'one bit of it changed behind the triggers: the verifier has to stop there': ['tamper-seen'],
  schema: ['schema'],
};

const [NUMBERS, ROWS, APPEND, WORM, TAMPER, SCHEMA] = Object.keys(LOOK_PARTS);

/** What psql is asked, by the subject's own queries. */
function lookSql(trial: Case, subject: Subject, exempt: readonly Exempt[]): string {
  const { countQuery, headQuery, verifyQuery, appendQuery, middleIdQuery, forbidden } = subject;
  return `${SESSION}

\\echo '== ${NUMBERS}'
${countQuery};
${headQuery};
${verifyQuery};

\\echo '== ${ROWS}'
${EVERY_TABLE} \\gexec

\\echo '== ${APPEND}'
\\set ON_ERROR_ROLLBACK on
\\set QUIET off
BEGIN;
${appendQuery};
${headQuery};
${verifyQuery};

\\echo '== ${WORM}'
SELECT id AS middle FROM (${middleIdQuery}) AS found (id) \\gset
SAVEPOINT untouched;
${ofTheMiddle(forbidden.UPDATE)};
${ofTheMiddle(forbidden.DELETE)};
${forbidden.TRUNCATE};
ROLLBACK TO untouched;

\\echo '== ${TAMPER}'
${subject.unguardQuery};
${ofTheMiddle(subject.tamperQuery)};
SELECT first_break_id, first_break_pos FROM (${verifyQuery}) AS verifier;
ROLLBACK;
\\echo '== ${SCHEMA}'
${beyondTheSchema(trial, exempt)}`;
}

/** psql has its own words for a parameter. */
function ofTheMiddle(query: string): string {
  return query.split('$1').join(":'middle'");
}

const SESSION = `\\encoding UTF8
\\set VERBOSITY terse
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';
SET extra_float_digits = 3;
SET bytea_output = 'hex';
SET row_security = off;`;

/** All relations of a kind that belong to the user; their names sorted alike everywhere. */
const relations = (kind: string): string => `FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
  WHERE relkind = '${kind}' AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY nspname COLLATE "C", relname COLLATE "C"`;

/** Columns, and rows sorted by the bytes of UTF-8, which do not depend on the database's collation or encoding. */
const EVERY_TABLE = `SELECT format('SELECT %L', (SELECT string_agg(format('%I %s', attname, typname), ', ' ORDER BY attnum)
      FROM pg_attribute JOIN pg_type AS t ON t.oid = atttypid
      WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)),
    format('COPY (SELECT * FROM ONLY %I.%I AS looked_at
      ORDER BY convert_to(looked_at::text, ''UTF8'')) TO STDOUT', nspname, relname)
  ${relations('r')}`;

const POSITIONS = `SELECT format('SELECT %L, last_value, is_called FROM %I.%I', relname, nspname, relname)
  ${relations('S')}`;

/** What is in no dump of the schema: what extensions are, whether constraints are enforced, and large objects. */
function beyondTheSchema({ upgrade }: Case, exempt: readonly Exempt[]): string {
  const extensions = `SELECT extname, extversion, (SELECT md5(string_agg(format('%s %s %s', proname, prosrc, probin), ','
        ORDER BY proname COLLATE "C", prosrc COLLATE "C"))
      FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
      WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e') AS functions
  FROM pg_extension AS e ORDER BY extname COLLATE "C";`;
  const enforced = `SELECT conname, tgenabled, count(*) FROM pg_trigger JOIN pg_constraint AS c ON c.oid = tgconstraint
  GROUP BY conname, tgenabled ORDER BY conname COLLATE "C", tgenabled;`;
  const objects = 'SELECT oid, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY oid;';
  return [
    // Another server brings its own version of an extension.
    ...(upgrade ? [] : [extensions]),
    enforced,
    ...(exempt.includes('large-object') ? [] : [objects]),
  ].join('\n');
}

/** The settings of the database, without those that are not compared. */
function settingsSql(exempt: readonly Exempt[]): string {
  const given = exempt.flatMap((object) => /^(?:lost )?database-setting (.*)$/s.exec(object)?.[1] ?? []);
  const others = given.map((name) => ` AND lower(whose) <> ${escapeLiteral(name)}`).join('');
  return `SELECT whose, setting FROM pg_db_role_setting LEFT JOIN pg_roles AS r ON r.oid = setrole,
    unnest(setconfig) AS setting, concat(split_part(setting, '=', 1), ' for role ' || quote_ident(rolname)) AS whose
  WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())${others} ORDER BY 1, 2;`;
}
