const PLAIN = /^[\w%+,./:=@-]+$/;

/** A text as one word of a command line, as any POSIX shell reads it. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
