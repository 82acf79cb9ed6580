import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The first pair of lines in which two files differ; `undefined` stands for the end of a file. Lines count from 1. */
export interface LineDifference {
  readonly line: number;
  readonly first: string | undefined;
  readonly second: string | undefined;
}

/**
 * Compares two UTF-8 text files line by line in constant memory. Null where they are equal.
 * @param normalise maps each line before it is compared
 */
export async function compareLines(
  firstFile: string,
  secondFile: string,
  normalise: (line: string) => string,
): Promise<LineDifference | null> {
  const [one, other] = [firstFile, secondFile].map(openLines);
  if (!one || !other) throw new Error('two files are compared');
  try {
    for (let line = 1; ; line++) {
      const [first, second] = [await one.next(), await other.next()];
      if (first === undefined && second === undefined) return null;
      if (first === undefined || second === undefined || normalise(first) !== normalise(second)) {
        return { line, first, second };
      }
    }
  } finally {
    one.close();
    other.close();
  }
}

function openLines(file: string): { next(): Promise<string | undefined>; close(): void } {
  // latin1 keeps every byte, whatever the encoding of the dump.
  const stream = createReadStream(file, 'latin1');
  const lines = createInterface({ input: stream, crlfDelay: 0 })[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { value, done } = await lines.next();
      return done ? undefined : value;
    },
    close: () => stream.destroy(),
  };
}
