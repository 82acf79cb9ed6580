import type { Pipeline } from '../case/pipeline.ts';
import { shellQuote } from './reproduction-quote.ts';

/** What `{jobs}` stands for where a pipeline does not say. */
const USUAL_JOBS = 2;

/** The shell functions that carry out the commands of a pipeline as `PipelineRun` does. */
export function pipelineFunctions({ shell = 'sh', jobs = USUAL_JOBS, server }: Pipeline): string {
  return `# A text as a word of a shell.
word() {
    case $1 in
        '' | *[!A-Za-z0-9_%+,./:=@-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\\\\\''/g")" ;;
        *) printf '%s' "$1" ;;
    esac
}

# Puts the values in the place of {url} and the like, each through the function named; \${url} is the shell's own.
fill() {
    v_url=$("$1" "$2") v_source_url=$("$1" "$source_at") v_target_url=$("$1" "$2") v_dump=$("$1" "$work/dump") \\
        v_jobs=${jobs} v_database=$("$1" "$source") v_work=$("$1" "$work") awk '
        {
            line = ""
            rest = $0
            while (match(rest, /[{][a-z_]+[}]/)) {
                line = line substr(rest, 1, RSTART - 1)
                name = substr(rest, RSTART + 1, RLENGTH - 2)
                known = ("v_" name) in ENVIRON && substr(line, length(line)) != "$"
                line = line (known ? ENVIRON["v_" name] : "{" name "}")
                rest = substr(rest, RSTART + RLENGTH)
            }
            print line rest
        }'
}

# A command of the pipeline, which comes by standard input, on a database.
stage() {
    text=$(fill word "$3")
    (cd "$work" && TMPDIR=$work PGDATABASE=$2 ${shell} -c "$text") >"$work/stdout" 2>"$work/stderr" </dev/null
    code=$?
    cat "$work/stderr" >&2
    [ "$code" -eq 0 ] || [ "$1" = stop ] || refuse "$1" "$code"
}${server ? `\n\n${stopFunction(server.stop)}` : ''}`;
}

function stopFunction(command: string): string {
  return `# The server that the restore starts is stopped at the end.
started=
stop_server() {
    [ -n "$started" ] || return
    stage stop "$source" "$source_at" <<'COMMAND'
${command.trimEnd()}
COMMAND
}`;
}

/** The dump of a pipeline. */
export function pipelineDump({ dump }: Pipeline): string {
  return `# The dump.\n${stageLines('dump', dump, 'source')}`;
}

/** The wipe of a pipeline; undefined where it has none. */
export function pipelineWipe({ wipe }: Pipeline): string | undefined {
  if (wipe === undefined) return undefined;
  return `# The restore goes where the source was, which the pipeline empties.
target=$source
target_at=$source_at
${stageLines('wipe', wipe, 'source')}
left=$(sql "$target_at" 2>/dev/null <<'SQL'
SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema';
SQL
)
[ "\${left:-0}" = 0 ] || give_up 'the wipe left tables behind'`;
}

/** The restore of a pipeline, and where the restored database is afterwards. */
export function pipelineRestore({ restore, server }: Pipeline): string {
  const lines = [
    '# The restore.',
    ...(server ? ['started=yes'] : []),
    stageLines('restore', restore, 'target'),
  ];
  if (!server) return lines.join('\n');
  return `${lines.join('\n')}
target_at=$(printf '%s\\n' ${shellQuote(server.url)} | fill encoded "$target_at")`;
}

function stageLines(name: string, command: string, side: 'source' | 'target'): string {
  return `stage ${name} "$${side}" "$${side}_at" <<'COMMAND'\n${command.trimEnd()}\nCOMMAND`;
}
