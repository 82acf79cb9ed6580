import type { CheckResult } from '../verdict/check.ts';
import type { Palette } from './palette.ts';

const MARKS = { held: 'held', failed: 'FAILED', 'left-out': 'left out' } as const;

/** One line per check, and on a failure the two values below it. */
export function checkLines(checks: readonly CheckResult[], palette: Palette): string[] {
  return checks.flatMap((check) => {
    const mark = MARKS[check.outcome].padEnd(9);
    const line = `  ${colour(check, palette)(mark)} ${check.id.padEnd(18)} ${check.summary}`;
    if (check.outcome !== 'failed') return [line];
    return [
      line,
      `${INDENT}source:   ${shorten(check.source)}`,
      `${INDENT}restored: ${shorten(check.restored)}`,
    ];
  });
}

const INDENT = ' '.repeat(31);
const LONGEST = 500;

function colour({ outcome }: CheckResult, palette: Palette): (text: string) => string {
  if (outcome === 'held') return palette.green;
  return outcome === 'failed' ? palette.red : palette.yellow;
}

function shorten(value: string | undefined): string {
  const text = (value ?? 'nothing').replaceAll('\n', '\\n');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}
