import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Case, FreshTarget, Target } from '../case/case.ts';
import { dumpCommands, type DumpCommand } from '../dump/dump-commands.ts';
import { restoreCommands, type RestoreCommand } from '../restore/restore-commands.ts';
import { targetDatabase } from '../restore/target.ts';
import type { Subject } from '../subject/subject.ts';
import { lookFunction } from './reproduction-look.ts';
import { commentLine, PLACES, shellQuote } from './reproduction-quote.ts';
import { REORDER_FUNCTION } from './reproduction-reorder.ts';

/** What the script says about where it comes from. */
export interface ScriptOrigin {
  readonly summary: string;
  readonly server: string;
  readonly tools: string;
}

/**
 * A case as a shell script that needs psql, pg_dump and pg_restore only. `schema.sql`, `workload.sql` and, where the
 * case has a disturbance, `disturbance.sql` are expected beside it.
 *
 * @throws UsageError for a plan that no command line can express
 */
export function reproductionScript(trial: Case, subject: Subject, origin: ScriptOrigin): string {
  const { dump, restore, target } = trial;
  const dumps = dumpCommands(trial, PLACES.directory);
  const unpacks = mayBeCompressed(trial);
  const restores = restoreCommands(trial, {
    archives: dumps.map(({ archive }) => (unpacks ? `${archive}.unpacked` : archive)),
    database: PLACES.target,
    maintenance: PLACES.maintenance,
  });
  return `${[
    head(origin),
    PREPARATION,
    lookFunction(trial, subject),
    ...(restore.use_list === 'reordered' ? [REORDER_FUNCTION] : []),
    sourceLines(subject),
    ['# The dump.', ...dumps.map((command) => dumpLines(command, dump.environment, unpacks))].join('\n'),
    targetLines(target, restore.create === true, restore.clean === true),
    ['# The restore.', ...restores.map((command) => restoreLines(command, restore.environment))].join('\n'),
    ...(restore.create ? [PROOF_OF_CREATION] : []),
    ...(trial.disturbance ? [DISTURBANCE] : []),
    CONCLUSION,
  ].join('\n\n')}\n`;
}

function head({ summary, server, tools }: ScriptOrigin): string {
  return `#!/bin/sh
${commentLine(summary)}
#
# usage: PGHOST=… PGPORT=… PGUSER=… sh repro.sh
#
# Takes a scratch server from the usual PG* variables, as a role that may create databases, and psql, pg_dump and
# pg_restore from PATH. It makes databases of its own and drops them at the end.
${commentLine(`Written by restoreproof; found with PostgreSQL ${server}, client tools ${tools}.`)}
#
# exit 0  the restored database is the same: it does not reproduce
# exit 1  it differs; what differs is printed
# exit 2  pg_dump, pg_restore or psql refused; its exit code and first error line are printed
# exit 3  it could not be tried`;
}

const PREPARATION = `set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 3
maintenance=\${PGDATABASE:-postgres}
source=\${REPRO_SOURCE:-repro_$$_source}
target=\${REPRO_TARGET:-repro_$$_target}
comment=\${REPRO_COMMENT:-scratch database of repro.sh}
work=$(mktemp -d) || exit 3
ours=

# Nothing of the caller's own settings, and nothing to read from.
unset PGTZ PGDATESTYLE PGCLIENTENCODING PGGEQO TZ
LC_ALL=C
export LC_ALL
exec </dev/null

# shellcheck disable=SC2317,SC2329 # the trap calls it
clean_up() {
    code=$?
    trap - EXIT
    for database in $ours; do
        psql --no-psqlrc --quiet --dbname="$maintenance" \\
            --command='SET client_min_messages = error' \\
            --command="DROP DATABASE IF EXISTS \\"$database\\" WITH (FORCE)"
    done
    rm -rf "$work"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 3' HUP INT TERM

give_up() {
    printf 'UNTRIED  %s\\n' "$1"
    exit 3
}

# psql that stops at the first error.
sql() {
    into=$1
    shift
    psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 \\
        --set=source="$source" --set=target="$target" --set=comment="$comment" --dbname="$into" "$@"
}

# Runs a command of the case. Where it refuses, that is the result.
run() {
    "$@" >/dev/null 2>"$work/stderr"
    code=$?
    cat "$work/stderr" >&2
    [ "$code" -eq 0 ] && return
    for tool in "$@"; do
        case $tool in env | *=*) ;; *) break ;; esac
    done
    line=$(grep -iwE 'error|fatal|could not' "$work/stderr" | head -n 1)
    [ -n "$line" ] || line=$(grep '[^[:space:]]' "$work/stderr" | head -n 1)
    printf 'REFUSED  %s exited %s: %s\\n' "$tool" "$code" "$line"
    exit 2
}`;

function sourceLines({ verifyQuery }: Subject): string {
  return `# The source database.
sql "$maintenance" <<'SQL' || give_up 'the source database could not be created'
CREATE DATABASE :"source" TEMPLATE template0;
SQL
ours=$source
sql "$maintenance" <<'SQL' || give_up 'the source database could not be marked'
COMMENT ON DATABASE :"source" IS :'comment';
SQL
sql "$source" --file="$here/schema.sql" || give_up 'the schema could not be installed'

# The rows. Values that the server is meant to refuse are refused here too.
psql --no-psqlrc --quiet --dbname="$source" --file="$here/workload.sql" || give_up 'the rows could not be written'

# Before.
look "$source" >"$work/before" || give_up 'the source database could not be looked at'
verdict=$(sql "$source" <<'SQL'
SELECT first_break_pos FROM (${verifyQuery}) AS verifier;
SQL
)
[ "$verdict" = -1 ] || {
    echo 'UNSOUND  the chain does not verify before the dump'
    exit 3
}`;
}

const DISTURBANCE = `# What is done to the restored database on purpose.
sql "$target" --single-transaction --file="$here/disturbance.sql" ||
    give_up 'the disturbance could not be carried out'`;

const CONCLUSION = `# After.
look "$target" >"$work/after" || give_up 'the restored database could not be looked at'
if diff -u "$work/before" "$work/after" >"$work/difference"; then
    echo 'SAME     the restored database is as the source was; it does not reproduce'
    exit 0
fi
echo 'DIFFERS  every tool exited 0, and the restored database is another one (- before the dump, + after the restore):'
# Each line behind the title of its part; the titles of the parts that differ.
parts() {
    awk '/^== / { title = substr($0, 4) } { print title "\\t" $0 }' "$1"
}
parts "$work/before" >"$work/before.parts"
parts "$work/after" >"$work/after.parts"
diff "$work/before.parts" "$work/after.parts" |
    awk -F '\\t' '/^[<>] / { print "IN       " substr($1, 3) }' | sort -u
cut -c 1-1000 "$work/difference" | head -n 200
exit 1`;

/** psql cannot read a compressed script. */
function mayBeCompressed({ dump: { format, compress, options = [] } }: Case): boolean {
  const asked = compress !== undefined || options.some((option) => /^(-Z|--compress)/.test(option));
  return format === 'plain' && asked;
}

type Environment = Readonly<Record<string, string>>;

function dumpLines({ argv, archive }: DumpCommand, environment: Environment = {}, unpacks: boolean): string {
  const line = runLine('pg_dump', argv, { PGDATABASE: PLACES.source, ...environment });
  if (!unpacks) return line;
  const [packed, script] = [shellQuote(archive), shellQuote(`${archive}.unpacked`)];
  return `${line}
# A script that is compressed has to be unpacked for psql.
if gzip -t <${packed} 2>/dev/null; then
    gzip -dc <${packed} >${script}
else
    cp ${packed} ${script}
fi`;
}

function restoreLines(command: RestoreCommand, environment: Environment = {}): string {
  const { tool, argv, inputFile, reorder } = command;
  const line = runLine(tool, argv, environment);
  const input = inputFile === undefined ? '' : ` <${shellQuote(inputFile)}`;
  return `${line}${input}${reorder ? `\n${reorderLine(reorder)}` : ''}`;
}

function reorderLine({ list, into, keepDataInOrder }: NonNullable<RestoreCommand['reorder']>): string {
  return `reorder${keepDataInOrder ? " 'TABLE DATA'" : ''} <${shellQuote(list)} >${shellQuote(into)}`;
}

function runLine(tool: string, argv: readonly string[], environment: Environment): string {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${shellQuote(value)}`);
  const words = [...(settings.length === 0 ? [] : ['env', ...settings]), tool, ...argv.map(shellQuote)];
  return ['run', ...words].join(' ');
}

function targetLines(target: Target, create: boolean, clean: boolean): string {
  if (target.kind === 'fresh') return freshLines(target);
  if (!create) return WIPE;
  return clean ? DROPPED_BY_RESTORE : DROP;
}

function freshLines(target: FreshTarget): string {
  const { encoding, locale = {}, settings = {} } = targetDatabase(target);
  const options = Object.entries({
    ENCODING: encoding,
    LOCALE_PROVIDER: locale.provider,
    LOCALE: locale.locale,
    ICU_LOCALE: locale.icuLocale,
  }).flatMap(([name, value]) => (value === undefined ? [] : [` ${name} ${escapeLiteral(value)}`]));
  const changes = Object.entries(settings).map(
    ([name, value]) =>
      `ALTER DATABASE :"target" SET ${name.split('.').map(escapeIdentifier).join('.')} = ${escapeLiteral(value)};`,
  );
  const install = `sql "$target" --file="$here/schema.sql" || give_up 'the schema could not be installed into the target'`;
  return `# A new database to restore into.
sql "$maintenance" <<'SQL' || give_up 'the target database could not be created'
CREATE DATABASE :"target" TEMPLATE template0${options.join('')};
SQL
ours="$ours $target"
sql "$maintenance" <<'SQL' || give_up 'the target database could not be prepared'
${['COMMENT ON DATABASE :"target" IS :\'comment\';', ...changes].join('\n')}
SQL${target.prepared ? `\n${install}` : ''}`;
}

const WIPE = `# The restore goes into the source database, emptied: every schema dropped, and public as a new database has it.
target=$source
sql "$target" <<'SQL' || give_up 'the database could not be emptied'
SET client_min_messages = warning;
BEGIN;
SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' \\gexec
CREATE SCHEMA public;
COMMENT ON SCHEMA public IS 'standard public schema';
SELECT current_setting('server_version_num')::int >= 150000 AS since_15 \\gset
\\if :since_15
GRANT USAGE ON SCHEMA public TO PUBLIC;
ALTER SCHEMA public OWNER TO pg_database_owner;
\\else
GRANT ALL ON SCHEMA public TO PUBLIC;
\\endif
COMMIT;
SQL`;

const OID = `oid_of_source() {
    sql "$maintenance" <<'SQL'
SELECT oid FROM pg_database WHERE datname = :'source';
SQL
}
dumped=$(oid_of_source)
target=$source`;

const DROP = `# The restore makes the source database anew, which is dropped here.
${OID}
sql "$maintenance" <<'SQL' || give_up 'the database could not be dropped'
DROP DATABASE :"source" WITH (FORCE);
SQL`;

const DROPPED_BY_RESTORE = `# The restore itself drops the source database and makes it anew.
${OID}`;

const PROOF_OF_CREATION = `made=$(oid_of_source)
if [ -z "$made" ] || [ "$made" = "$dumped" ]; then
    give_up 'the restore exited 0 and did not make the database anew'
fi`;
