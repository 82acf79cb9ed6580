/** How much a command says: the verdict and the findings; what people follow a run by; a line for each case. */
type Loudness = 'quiet' | 'usual' | 'verbose';

/** What the commands know of the process they run in. */
export interface Terminal {
  readonly signal: AbortSignal;
  loudness: Loudness;
  /** The verdict, and what one has to know of it. */
  readonly print: (line: string) => void;
  /** What goes with it: steps, what held, what was covered. Not under --quiet. */
  readonly note: (line: string) => void;
  /** Case by case. Under --verbose only. */
  readonly detail: (line: string) => void;
  /** For what is no result: progress, hints. Goes to standard error; not under --quiet. */
  readonly say: (line: string) => void;
}

/** A terminal over standard output and standard error. */
export function openTerminal(
  signal: AbortSignal,
  out: (line: string) => void,
  err: (line: string) => void,
): Terminal {
  const terminal: Terminal = {
    signal,
    loudness: 'usual',
    print: out,
    note: (line) => terminal.loudness !== 'quiet' && out(line),
    detail: (line) => terminal.loudness === 'verbose' && out(line),
    say: (line) => terminal.loudness !== 'quiet' && err(line),
  };
  return terminal;
}
