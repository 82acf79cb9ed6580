/** How a script comes to its servers: the lines of usage, and what says where they are. */
export interface ServerWords {
  readonly usage: string;
  /** Sets `source_server` and `target_server`, and makes the function `in_server`. */
  readonly places: string;
}

/** What the environment of a script between two servers names. */
export const SERVER_VARIABLES = {
  source: 'SOURCE_URL',
  target: 'TARGET_URL',
  sourceTools: 'SOURCE_BIN',
  targetTools: 'TARGET_BIN',
} as const;

const GIVE_UP = `set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 3

give_up() {
    printf 'UNTRIED  %s\\n' "$1"
    exit 3
}`;

/** One server, from libpq's own variables; a database of it is named by its name. */
export const ONE_SERVER: ServerWords = {
  usage: `# usage: PGHOST=… PGPORT=… PGUSER=… sh repro.sh
#
# Takes a scratch server from the usual PG* variables, as a role that may create databases, and psql, pg_dump and
# pg_restore from PATH. It makes databases of its own and drops them at the end.`,
  places: `${GIVE_UP}

source_server=\${PGDATABASE:-postgres}
target_server=$source_server
in_server() {
    printf '%s\\n' "$2"
}`,
};

/** Two servers, by the URL of any database of each. */
export function twoServers({ from, to }: { readonly from: number; readonly to: number }): ServerWords {
  const { source, target, sourceTools, targetTools } = SERVER_VARIABLES;
  const newer = from > to ? 'source' : 'target';
  return {
    usage: `# usage: ${source}=postgres://… ${target}=postgres://… [${sourceTools}=DIR] [${targetTools}=DIR] sh repro.sh
#
# Takes two scratch servers, of PostgreSQL ${from} and ${to}, by the URL of any database of each, as roles that may create
# databases, and psql, pg_dump and pg_restore of each version from a directory, such as /usr/lib/postgresql/${from}/bin;
# without one they are those of PATH. Passwords belong into PGPASSFILE or ~/.pgpass. It makes databases of its own and
# drops them at the end.`,
    places: `${GIVE_UP}

for url in "\${${source}:-}" "\${${target}:-}"; do
    case $url in
        postgres://* | postgresql://*) ;;
        *) give_up '${source} and ${target} have to name two servers: postgres://USER@HOST:PORT/postgres' ;;
    esac
done
source_server=$${source}
target_server=$${target}
# The URL of another database of the same server.
in_server() {
    printf '%s\\n' "$1" | sed "s|^\\([a-z]*://[^/?]*\\)[^?]*|\\\\1/$2|"
}
source_path=\${${sourceTools}:+$${sourceTools}:}$PATH
target_path=\${${targetTools}:+$${targetTools}:}$PATH
# What the script itself asks is asked by the newer tools, which know both servers.
PATH=$${newer}_path`,
  };
}

/** One server for commands that take URLs: what libpq would find by itself is written out. */
export function serverOfCommands(whole: boolean): ServerWords {
  const scratch = whole
    ? `# Takes a scratch server that is there for nothing else from the usual PG* variables: the commands dump and restore all
# that is on it. Run it as the account of that server, if they start another one.`
    : `# Takes a scratch server from the usual PG* variables, as a role that may create databases. It makes databases of its
# own and drops them at the end.`;
  return {
    usage: `# usage: PGHOST=… PGPORT=… PGUSER=… sh repro.sh
#
${scratch}
# Whatever the commands call, psql and pg_dump among it, comes from PATH.`,
    places: `${GIVE_UP}

PGHOST=\${PGHOST:-localhost}
PGPORT=\${PGPORT:-5432}
PGUSER=\${PGUSER:-$(id -un)}
export PGHOST PGPORT PGUSER
# As a part of a URL has it.
encoded() {
    printf '%s' "$1" | sed -e 's/%/%25/g' -e 's|/|%2F|g' -e 's/:/%3A/g' -e 's/@/%40/g' -e 's/?/%3F/g' -e 's/#/%23/g' -e 's/ /%20/g'
}
in_server() {
    case $PGHOST in
        /*) host=$(encoded "$PGHOST") ;;
        *:*) host="[$PGHOST]" ;;
        *) host=$PGHOST ;;
    esac
    printf 'postgres://%s@%s:%s/%s\\n' "$(encoded "$PGUSER")" "$host" "$PGPORT" "$(encoded "$2")"
}
source_server=$(in_server '' "\${PGDATABASE:-postgres}")
target_server=$source_server`,
  };
}
