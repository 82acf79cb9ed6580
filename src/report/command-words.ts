import { shellWord } from '../text/shell-word.ts';

/** How commands are typed that show a case again. */
export interface CommandWords {
  /** `restoreproof`, or what npm makes of it. */
  readonly program: string;
  /** The options of `fuzz` that decide which cases are drawn: `--seed 7 --property …`. */
  readonly draw: string;
  /** The options that say on which servers; absent: those that are found. */
  readonly servers?: string | undefined;
}

/** The command that tries a counterexample again, on the servers that showed it. */
export function replayCommand(words: CommandWords, directory: string): string {
  return commandAbout('replay', words, directory);
}

/** The command that goes on making it smaller. */
export function shrinkCommand(words: CommandWords, directory: string): string {
  return commandAbout('shrink', words, `${directory}/case.json`);
}

function commandAbout(command: string, { program, servers = '' }: CommandWords, path: string): string {
  return [program, command, shellWord(path), ...(servers === '' ? [] : [servers])].join(' ');
}
