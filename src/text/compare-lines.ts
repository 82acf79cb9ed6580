import { createReadStream } from 'node:fs';

/** The first pair of lines in which two files differ; `undefined` stands for the end of a file. Lines count from 1. */
export interface LineDifference {
  readonly line: number;
  readonly first: string | undefined;
  readonly second: string | undefined;
}

/**
 * Compares two UTF-8 text files line by line in constant memory. Null where they are equal.
 * @param normalise maps the lines before they are compared; it may take some together, and lines then count items
 */
export async function compareLines(
  firstFile: string,
  secondFile: string,
  normalise: (lines: AsyncIterable<string>) => AsyncIterable<string>,
): Promise<LineDifference | null> {
  const [one, other] = [firstFile, secondFile].map((file) => openLines(file, normalise));
  if (!one || !other) throw new Error('two files are compared');
  try {
    for (let line = 1; ; line++) {
      const [first, second] = [await one.next(), await other.next()];
      if (first === undefined && second === undefined) return null;
      if (first !== second) {
        return { line, first, second };
      }
    }
  } finally {
    one.close();
    other.close();
  }
}

/** Lines end at a line feed alone: a carriage return is a byte of the line like any other. */
async function* linesOf(stream: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function openLines(
  file: string,
  normalise: (lines: AsyncIterable<string>) => AsyncIterable<string>,
): { next(): Promise<string | undefined>; close(): void } {
  // latin1 keeps every byte, whatever the encoding of the dump.
  const stream = createReadStream(file, 'latin1');
  const lines = normalise(linesOf(stream))[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { value, done } = await lines.next();
      return done ? undefined : value;
    },
    close: () => stream.destroy(),
  };
}
