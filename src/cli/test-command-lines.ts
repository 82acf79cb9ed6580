import { buildProgram } from './program.ts';
import { openTerminal } from './terminal.ts';

const PLACEHOLDERS: Readonly<Record<string, string>> = { COMMAND: 'smoke' };

/** The arguments of restoreproof on a command line; undefined where it is about something else. */
export function argumentsOf(line: string): string[] | undefined {
  const words = line
    .replace(/\s[#>].*$/, '')
    .split(/\s+/)
    .filter((word) => !/^[A-Z_]+=/.test(word))
    .map((word) => PLACEHOLDERS[word] ?? word);
  const [program, ...rest] = words;
  if (program === 'restoreproof' && rest.length > 0) return rest;
  if (program !== 'npm' || rest.shift() !== 'run') return undefined;
  const [script, separator, ...given] = rest.filter((word) => word !== '-s');
  if (script !== 'fuzz' && script !== 'restoreproof') return undefined;
  if (separator !== undefined && separator !== '--')
    throw new Error(`${line}: arguments go through npm after --`);
  return script === 'fuzz' ? ['fuzz', ...given] : given;
}

/** The real command line, without what its commands do. */
export function idleProgram() {
  const nowhere = () => undefined;
  const program = buildProgram(openTerminal(new AbortController().signal, nowhere, nowhere), nowhere);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: nowhere, writeErr: nowhere, outputError: nowhere });
  }
  for (const command of program.commands) command.action(nowhere);
  return program;
}

/** Why the program would refuse the arguments; undefined where it takes them. */
export function objection(argv: readonly string[]): string | undefined {
  try {
    idleProgram().parse(argv, { from: 'user' });
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return /^commander\.(help|helpDisplayed|version)$/.test(code ?? '') ? undefined : message;
  }
}
