import type { Case } from '../case/case.ts';
import type { Conclusion } from '../fuzz/conclusion.ts';
import type { CheckResult } from '../verdict/check.ts';
import type { Step, TrialResult } from '../verdict/trial-result.ts';
import { checkLines, oneLine } from './checks-text.ts';
import type { Palette } from './palette.ts';
import { plural } from '../text/plural.ts';

/** What one stage did, for its line on the console. */
export function stepLine({ name, milliseconds }: Step, trial: Case): string {
  return timedLine(name, describeStep(name, trial), milliseconds);
}

/** `  name   0.12 s  what it did`: what is long stands last, so that a narrow terminal wraps nothing else. */
export function timedLine(name: string, detail: string, milliseconds: number): string {
  return `  ${name.padEnd(17)} ${(milliseconds / 1000).toFixed(2).padStart(6)} s  ${detail}`;
}

function describeStep(name: Step['name'], { workload, dump, restore, pipeline }: Case): string {
  switch (name) {
    case 'workload':
      if (workload.loaded !== undefined)
        return `${workload.loaded} events loaded by COPY, their chain computed here`;
      return `${eventsOf(workload)} appended through the triggers`;
    case 'source snapshot':
      return 'rows, chain, verifier, schema';
    case 'dump':
      if (pipeline) return tellingCommand(pipeline.dump);
      return `pg_dump ${[`--format=${dump.format}`, ...(dump.options ?? [])].join(' ')}`;
    case 'wipe command':
      return tellingCommand(pipeline?.wipe ?? '');
    case 'wipe':
      if (pipeline?.wipe !== undefined) return 'read back: no table is left';
      return 'every schema dropped; read back: no table is left';
    case 'restore':
      if (pipeline) return tellingCommand(pipeline.restore);
      return `pg_restore ${['--exit-on-error', ...(restore.options ?? [])].join(' ')}`;
    case 'restored snapshot':
      return 'the same, read from the restored database';
    case 'second dump':
      return 'dumped again; both dumps compared as scripts';
    case 'acts':
      return 'append, UPDATE, DELETE, tamper; all rolled back';
  }
}

/** A script by the line in which a client tool is called, or else by its first. */
function tellingCommand(script: string): string {
  const lines = script.split('\n').filter((line) => !/^\s*(#|set\b|$)/.test(line));
  const telling = lines.find((line) => /\b(?:pg_\w+|psql|pgbackrest|wal-g)\b/.test(line)) ?? lines[0] ?? '';
  return `${oneLine(telling.trim())}${lines.length > 1 ? ' …' : ''}`;
}

function eventsOf({ transactions }: Case['workload']): string {
  const count = transactions
    .flatMap(({ statements }) => statements)
    .reduce((sum, { events }) => sum + events.length, 0);
  return plural(count, 'event');
}

/** The verdict on one line, then one line per check; on a failure the reason and both values. */
export function smokeVerdict(result: TrialResult, palette: Palette): string[] {
  const { restored, verdict } = result;
  if (verdict === 'faithful' && restored) {
    const head = `${restored.chain_head_hash?.slice(0, 8)}…`;
    const facts = `rows=${restored.row_count}  chain_head=${head}  verifier=clean`;
    return [`${palette.green('PASS')}  ${facts}`, ...checkLines(result.checks, palette)];
  }
  return [`${palette.red('FAIL')}  ${oneLine(explain(result))}`, ...checkLines(result.checks, palette)];
}

/** The same, as what a command comes to. */
export function smokeConclusion(result: TrialResult): Conclusion {
  if (result.verdict === 'faithful') return { verdict: 'pass', sentence: 'every check holds' };
  return { verdict: 'fail', sentence: explain(result) };
}

/** One sentence for a verdict that is not `faithful`. */
export function explain({
  verdict,
  refusal,
  checks,
  sourceFault,
}: Pick<TrialResult, 'verdict' | 'refusal' | 'checks' | 'sourceFault'>): string {
  switch (verdict) {
    case 'refused':
      return `refused: ${refusal?.stage} ${describeEnd(refusal)}: ${refusal?.firstErrorLine}`;
    case 'source-invalid':
      return `source-invalid: the source was not sound before the dump: ${sourceFault}`;
    case 'lossy':
      return `lossy: every tool exited 0, and rows differ: ${namesOf(checks)}`;
    case 'drifted':
      return `drifted: every tool exited 0, the rows are the same, the behaviour is not: ${namesOf(checks)}`;
    case 'faithful':
      return 'faithful';
  }
}

function describeEnd(refusal: TrialResult['refusal']): string {
  return refusal?.exitCode === undefined ? `was ended by ${refusal?.signal}` : `exited ${refusal.exitCode}`;
}

function namesOf(checks: readonly CheckResult[]): string {
  return checks
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ id }) => id)
    .join(', ');
}
