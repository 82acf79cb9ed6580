const LINE_FEED = 0x0a;

/**
 * The lines of a stream, each cut off after `most` bytes: a row of a dump may be a gigabyte long. Bytes beyond ASCII are
 * read as Latin-1, so that none is lost, whatever the encoding.
 */
export async function* linesOf(input: AsyncIterable<Buffer>, most = 65_536): AsyncGenerator<string> {
  let start = '';
  for await (const chunk of input) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      yield start + chunk.toString('latin1', from, Math.min(at, from + most - start.length));
      start = '';
      from = at + 1;
    }
    if (start.length < most)
      start += chunk.toString('latin1', from, Math.min(chunk.length, from + most - start.length));
  }
  if (start !== '') yield start;
}
