import type { Case } from '../case/case.ts';
import type { Pipeline } from '../case/pipeline.ts';
import { dumpCommands, type DumpCommand } from '../dump/dump-commands.ts';
import { restoreCommands, type RestoreCommand } from '../restore/restore-commands.ts';
import type { Subject } from '../subject/subject.ts';
import { CONCLUSION, head, PREPARATION, type ScriptOrigin } from './reproduction-frame.ts';
import { lookFunction } from './reproduction-look.ts';
import { pipelineDump, pipelineFunctions, pipelineRestore, pipelineWipe } from './reproduction-pipeline.ts';
import { PLACES, shellQuote } from './reproduction-quote.ts';
import { REORDER_FUNCTION } from './reproduction-reorder.ts';
import { ONE_SERVER, serverOfCommands, twoServers, type ServerWords } from './reproduction-servers.ts';
import { PROOF_OF_CREATION, targetLines } from './reproduction-target.ts';

/**
 * A case as a shell script that needs psql, pg_dump and pg_restore only, or what the commands of its pipeline call.
 * `schema.sql`, `workload.sql` and, where the case has a disturbance, `disturbance.sql` are expected beside it.
 *
 * @throws UsageError for a plan that no command line can express
 */
export function reproductionScript(trial: Case, subject: Subject, origin: ScriptOrigin): string {
  const { usage, places } = serversOf(trial);
  const { functions, dump, target, restore } = trial.pipeline
    ? ofPipeline(trial, trial.pipeline)
    : ofPlans(trial);
  return `${[
    head(origin, usage),
    places,
    PREPARATION,
    lookFunction(trial, subject),
    ...functions,
    sourceLines(subject),
    dump,
    target,
    restore,
    ...(trial.disturbance ? [DISTURBANCE] : []),
    CONCLUSION,
  ].join('\n\n')}\n`;
}

function serversOf({ upgrade, pipeline }: Case): ServerWords {
  if (upgrade) return twoServers(upgrade);
  return pipeline ? serverOfCommands(pipeline.scope === 'cluster') : ONE_SERVER;
}

/** The steps between the two looks. */
interface Steps {
  readonly functions: readonly string[];
  readonly dump: string;
  readonly target: string;
  readonly restore: string;
}

function ofPipeline(trial: Case, pipeline: Pipeline): Steps {
  return {
    functions: [pipelineFunctions(pipeline)],
    dump: pipelineDump(pipeline),
    target: pipelineWipe(pipeline) ?? targetLines(trial),
    restore: pipelineRestore(pipeline),
  };
}

function ofPlans(trial: Case): Steps {
  const { dump, restore, upgrade } = trial;
  const dumps = dumpCommands(trial, PLACES.directory);
  const unpacks = mayBeCompressed(trial);
  const restores = restoreCommands(trial, {
    archives: dumps.map(({ archive }) => (unpacks ? `${archive}.unpacked` : archive)),
    database: PLACES.target,
    maintenance: PLACES.maintenance,
  });
  const dumping = { ...pathOf(upgrade?.dump_by), ...dump.environment };
  const restoring = { ...pathOf(upgrade?.restore_by), ...restore.environment };
  return {
    functions: [RUN_FUNCTION, ...(restore.use_list === 'reordered' ? [REORDER_FUNCTION] : [])],
    dump: ['# The dump.', ...dumps.map((command) => dumpLines(command, dumping, unpacks))].join('\n'),
    target: targetLines(trial),
    restore: [
      '# The restore.',
      ...restores.map((command) => restoreLines(command, restoring)),
      ...(restore.create ? [`\n${PROOF_OF_CREATION}`] : []),
    ].join('\n'),
  };
}

/** Between two servers each has its tools. */
function pathOf(side: 'from' | 'to' | undefined): Environment {
  if (side === undefined) return {};
  return { PATH: side === 'from' ? PLACES.sourcePath : PLACES.targetPath };
}

const RUN_FUNCTION = `# Runs a command of the case. Where it refuses, that is the result.
run() {
    "$@" >"$work/stdout" 2>"$work/stderr"
    code=$?
    cat "$work/stderr" >&2
    [ "$code" -eq 0 ] && return
    for tool in "$@"; do
        case $tool in env | *=*) ;; *) break ;; esac
    done
    refuse "$tool" "$code"
}`;

function sourceLines({ verifyQuery }: Subject): string {
  return `# The source database.
sql "$source_server" <<'SQL' || give_up 'the source database could not be created'
SELECT CASE WHEN current_setting('server_version_num')::int >= 150000 THEN 'LOCALE_PROVIDER libc' ELSE '' END AS provider \\gset
CREATE DATABASE :"source" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' :provider;
SQL
source_made=yes
sql "$source_server" <<'SQL' || give_up 'the source database could not be marked'
COMMENT ON DATABASE :"source" IS :'comment';
SQL
sql "$source_at" --file="$here/schema.sql" || give_up 'the schema could not be installed'

# The rows. Values that the server is meant to refuse are refused here too.
psql --no-psqlrc --quiet --dbname="$source_at" --file="$here/workload.sql" || give_up 'the rows could not be written'

# Before.
{ look "$source_at" && positions "$source_at"; } >"$work/before" || give_up 'the source database could not be looked at'
verdict=$(sql "$source_at" <<'SQL'
SELECT first_break_pos FROM (${verifyQuery}) AS verifier;
SQL
)
[ "$verdict" = -1 ] || {
    echo 'UNSOUND  the chain does not verify before the dump'
    exit 3
}`;
}

const DISTURBANCE = `# What is done to the restored database on purpose.
sql "$target_at" --single-transaction --file="$here/disturbance.sql" ||
    give_up 'the disturbance could not be carried out'`;

/** psql cannot read a compressed script. */
function mayBeCompressed({ dump: { format, compress, options = [] } }: Case): boolean {
  const asked = compress !== undefined || options.some((option) => /^(-Z|--compress)/.test(option));
  return format === 'plain' && asked;
}

type Environment = Readonly<Record<string, string>>;

function dumpLines({ argv, archive }: DumpCommand, environment: Environment, unpacks: boolean): string {
  const line = runLine('pg_dump', [...argv, `--dbname=${PLACES.source}`], environment);
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

function restoreLines(command: RestoreCommand, environment: Environment): string {
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
