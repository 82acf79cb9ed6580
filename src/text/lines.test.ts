import { expect, test } from 'vitest';
import { linesOf } from './lines.ts';

async function read(chunks: readonly string[], most?: number): Promise<string[]> {
  const lines: string[] = [];
  async function* input() {
    for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
  }
  for await (const line of linesOf(input(), most)) lines.push(line);
  return lines;
}

test('lines are put together across chunks, the last one without its end', async () => {
  expect(await read(['a\nb', 'c', '\n\n', 'd'])).toEqual(['a', 'bc', '', 'd']);
  expect(await read(['a\n'])).toEqual(['a']);
  expect(await read([])).toEqual([]);
});

test('long lines are cut, and the next one is whole', async () => {
  expect(await read(['abcdef', 'ghi', 'jkl\nxy\n'], 4)).toEqual(['abcd', 'xy']);
  expect(await read(['abcdef\nxy\nabcdef'], 4)).toEqual(['abcd', 'xy', 'abcd']);
});

test('bytes beyond ASCII stay single', async () => {
  expect(await read(['\u00e9\u00ff\n'])).toEqual(['\u00e9\u00ff']);
});
