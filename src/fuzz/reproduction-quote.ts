import { shellWord } from '../text/shell-word.ts';

/** What the script knows only when it runs. Written into a word, each becomes a shell variable there. */
export const PLACES = {
  directory: '\u{F0001}work',
  source: '\u{F0001}source_at',
  target: '\u{F0001}target_at',
  maintenance: '\u{F0001}target_server',
  sourcePath: '\u{F0001}source_path',
  targetPath: '\u{F0001}target_path',
} as const;

const PLACE = /\u{F0001}(work|(?:source|target)_(?:at|server|path))/u;

/** A word of a command line as any POSIX shell reads it; places are variables in double quotes. */
export function shellQuote(word: string): string {
  if (word === '') return "''";
  // With a group in the pattern, every second part is a place.
  return word
    .split(PLACE)
    .map((part, index) => (index % 2 === 1 ? `"$${part}"` : part === '' ? '' : shellWord(part)))
    .join('');
}

/** A text in one line of comment, whatever is in it. */
export function commentLine(text: string): string {
  return `# ${text.replaceAll(/\p{Cc}+/gu, ' ')}`;
}
