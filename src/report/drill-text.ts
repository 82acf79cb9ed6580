import type { DrillResult, DrillVerdict } from '../drill/drill-result.ts';
import { explain } from './smoke-text.ts';
import { oneLine } from './checks-text.ts';
import type { Palette } from './palette.ts';

/** What the drill was done against, for its headline; undefined without a snapshot of the source. */
export interface DrillAgainst {
  readonly file: string;
  readonly takenAt: string;
}

/** What was not looked at; nothing where all was. */
export function unprovenLines({ unproven }: DrillResult): string[] {
  if (unproven.length === 0) return [];
  return ['not proven:', ...unproven.map((sentence) => `  - ${oneLine(sentence)}`)];
}

/** Whether a drill ended well. */
export function isGood(verdict: DrillVerdict): boolean {
  return verdict === 'faithful' || verdict === 'sound';
}

/** The verdict on one line. */
export function drillHeadline(
  result: DrillResult,
  against: DrillAgainst | undefined,
  palette: Palette,
): string {
  const { restored, verdict } = result;
  if (!isGood(verdict)) return `${palette.red('FAIL')}  ${oneLine(explainDrill(result))}`;
  const facts = `rows=${restored?.row_count}  chain_head=${restored?.chain_head_hash?.slice(0, 8)}…`;
  const how = against
    ? `against ${against.file} of ${against.takenAt}`
    : 'the chain is whole in itself; --against a snapshot compares it with its source';
  return `${palette.green('PASS')}  ${facts}  ${how}`;
}

/** One sentence for a drill that did not end well. */
export function explainDrill(result: DrillResult): string {
  const { verdict, checks, refusal, sourceFault } = result;
  if (verdict === 'unsound' || verdict === 'sound') {
    const failed = checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    return `unsound: the dump was restored, and its audit trail does not hold: ${failed.join(', ')}`;
  }
  if (verdict === 'source-invalid')
    return `source-invalid: the chain did not verify before the backup: ${sourceFault}`;
  return explain({ verdict, checks, refusal });
}
