import { basename, dirname, join } from 'node:path';
import { disturbanceAsSql } from '../mutants/disturbance-as-sql.ts';
import { workloadSql } from '../workload/workload-sql.ts';
import { Counterexample } from './counterexample.ts';
import type { LaneGround } from './lane.ts';
import type { ReportedFinding } from './outcome.ts';
import type { Finding } from './property.ts';
import { LOOK_PARTS } from './reproduction-look.ts';
import { runReproduction, type ReproductionRun } from './reproduction-run.ts';
import { reproductionScript } from './reproduction-script.ts';
import { kindOfError } from './signature.ts';

/** The script's name in the folder of a finding. */
const SCRIPT = 'repro.sh';

/**
 * Writes a finding down as a shell script that needs no harness, next to its case, and runs it on the run's own servers.
 *
 * @returns whether it failed the same way; undefined where it could not be tried, with a container, or where what was
 * done on purpose is no SQL
 * @throws NoVerdictError where the disk does not take it
 */
export async function reproduce(
  found: Omit<ReportedFinding, 'count'>,
  ground: LaneGround,
): Promise<boolean | undefined> {
  if (disturbanceAsSql(found.shrunk.trial) === undefined) return undefined;
  await writeReproduction(found, ground);
  // Its tools are inside, and those of this machine, if it has some, are others.
  const engines = [ground.engine, ground.other?.engine];
  if (engines.some((engine) => engine?.kind === 'container')) return undefined;
  const run = await runReproduction(join(found.directory, SCRIPT), found.shrunk.trial, ground);
  return run && failedTheSame(found.finding, run);
}

async function writeReproduction(
  { shrunk, finding, directory }: Omit<ReportedFinding, 'count'>,
  { world, subject }: LaneGround,
): Promise<void> {
  const { trial } = shrunk;
  const folder = new Counterexample(dirname(directory), basename(directory));
  const { given, restored } = disturbanceAsSql(trial) ?? {};
  const workload = workloadSql(trial.workload, subject.writing);
  await folder.write('schema.sql', await subject.schemaSql());
  await folder.write('workload.sql', given === undefined ? workload : `${workload}\n${given};\n`);
  if (restored !== undefined) await folder.write('disturbance.sql', disturbanceSql(restored));
  const [server, tools] = (['server', 'tools'] as const).map((which) => {
    const there = trial.upgrade && world.other ? ` → ${world.other[which].text}` : '';
    return `${world[which].text}${there}`;
  }) as [string, string];
  const origin = { summary: finding.summary, server, tools };
  await folder.write(SCRIPT, reproductionScript(trial, subject, origin), 0o755);
}

function disturbanceSql(sql: string): string {
  return `SET TimeZone = 'UTC';\nSET DateStyle = 'ISO, YMD';\n${sql.trimEnd().replace(/;?$/, ';')}\n`;
}

/** Whether the script's end is the finding's; undefined where the script could not be carried through. */
function failedTheSame(finding: Finding, { exitCode, output }: ReproductionRun): boolean | undefined {
  if (exitCode === 3) return /^UNSOUND /m.test(output) ? finding.verdict === 'source-invalid' : undefined;
  if (finding.verdict === 'refused') return exitCode === 2 && refusedTheSame(finding, output);
  if (finding.verdict === 'source-invalid') return false;
  if (finding.verdict === 'faithful') return exitCode === 0;
  return exitCode === 1 && differsInTheSame(finding, output);
}

/**
 * Whether the script sees what the failed checks see, and lost rows just where they do. What follows from another
 * failure, such as another head after another row, may differ besides.
 */
function differsInTheSame({ failed, verdict }: Finding, output: string): boolean {
  const parts = new Set([...output.matchAll(/^IN {7}(.*)$/gm)].map(([, title = '']) => title));
  const seen = new Set([...parts].flatMap((title) => LOOK_PARTS[title] ?? []));
  const looked = new Set(Object.values(LOOK_PARTS).flat());
  return (
    failed.every((id) => seen.has(id) || !looked.has(id)) && seen.has('row-bytes') === (verdict === 'lossy')
  );
}

function refusedTheSame({ stage, errorLine = '' }: Finding, output: string): boolean {
  const [, tool, line = ''] = /^REFUSED {2}(\S+) exited \d+: (.*)$/m.exec(output) ?? [];
  return tool === stage && kindOfError(withoutProgram(line)) === kindOfError(withoutProgram(errorLine));
}

/** Some messages begin with the program's name as it was called, by its path or without. */
function withoutProgram(line: string): string {
  return line.replace(/^\S*(?:pg_dump|pg_restore|psql): /, '');
}
