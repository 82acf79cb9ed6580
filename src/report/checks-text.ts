import type { CheckResult } from '../verdict/check.ts';
import type { Palette } from './palette.ts';

const MARKS = { held: 'held', failed: 'FAILED', 'left-out': 'left out' } as const;

/** One line per check, and on a failure the two values below it. */
export function checkLines(checks: readonly CheckResult[], palette: Palette): string[] {
  return checks.flatMap((check) => {
    const mark = MARKS[check.outcome].padEnd(9);
    const line = `  ${colour(check, palette)(mark)} ${check.id.padEnd(18)} ${oneLine(check.summary)}`;
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
  const text = oneLine(value ?? 'nothing');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}

/** What comes from a database may hold line ends and the escape sequences of terminals; they are shown, not obeyed. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (control) =>
    JSON.stringify(control)
      .slice(1, -1)
      .replace(/^[\u007F-\u009F]$/u, hexadecimal),
  );
}

function hexadecimal(character: string): string {
  return `\\u00${character.charCodeAt(0).toString(16)}`;
}
