import { commentLine } from './reproduction-quote.ts';

/** What the script says about where it comes from. */
export interface ScriptOrigin {
  readonly summary: string;
  readonly server: string;
  readonly tools: string;
}

/** The first lines: what was found, how the script is used, and how it ends. */
export function head({ summary, server, tools }: ScriptOrigin, usage: string): string {
  return `#!/bin/sh
${commentLine(summary)}
#
${usage}
${commentLine(`Written by restoreproof; found with PostgreSQL ${server}, client tools ${tools}.`)}
#
# exit 0  the restored database is the same: it does not reproduce
# exit 1  it differs; what differs is printed
# exit 2  a command refused; its exit code and first error line are printed
# exit 3  it could not be tried
#
# shellcheck disable=SC2034,SC2317,SC2329 # what a trap calls, and what only some scripts need`;
}

/**
 * Functions, and the databases. Where they are is in `source_server` and `target_server`, as `psql --dbname` takes it;
 * `in_server` makes that of another database of the same server.
 */
export const PREPARATION = `source=\${REPRO_SOURCE:-repro_$$_source}
target=\${REPRO_TARGET:-repro_$$_target}
comment=\${REPRO_COMMENT:-scratch database of repro.sh}
source_at=$(in_server "$source_server" "$source")
target_at=$(in_server "$target_server" "$target")
work=$(mktemp -d) || exit 3
source_made=
target_made=

# Nothing of the caller's own settings, messages in English, and nothing to read from.
unset PGTZ PGDATESTYLE PGCLIENTENCODING PGGEQO TZ
LC_ALL=C LANGUAGE=en
export LC_ALL LANGUAGE
exec </dev/null

drop() {
    psql --no-psqlrc --quiet --dbname="$1" \\
        --command='SET client_min_messages = error' \\
        --command="DROP DATABASE IF EXISTS \\"$2\\" WITH (FORCE)"
}

stop_server() {
    :
}

clean_up() {
    ended=$?
    trap - EXIT
    stop_server
    [ -z "$source_made" ] || drop "$source_server" "$source"
    [ -z "$target_made" ] || drop "$target_server" "$target"
    rm -rf "$work"
    exit "$ended"
}
trap clean_up EXIT
trap 'exit 3' HUP INT TERM

# psql that stops at the first error.
sql() {
    into=$1
    shift
    psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 \\
        --set=source="$source" --set=target="$target" --set=comment="$comment" --dbname="$into" "$@"
}

# Where a command of the case refuses, that is the result. What it said is in files.
refuse() {
    line=$(cat "$work/stderr" "$work/stdout" | grep -iwE 'error|fatal|could not' | head -n 1)
    [ -n "$line" ] || line=$(cat "$work/stderr" "$work/stdout" | grep '[^[:space:]]' | head -n 1)
    printf 'REFUSED  %s exited %s: %s\\n' "$1" "$2" "$line"
    exit 2
}`;

/** After the restore: the same look again. */
export const CONCLUSION = `# After.
positions "$target_at" >"$work/positions"
{ look "$target_at" && cat "$work/positions"; } >"$work/after" || give_up 'the restored database could not be looked at'
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
