import { expect, test } from 'vitest';
import { indicesOf, parseShard, partOf } from './shard.ts';

test.each([1, 2, 3, 8])('the cases of %i shards are all of them, none twice', (of) => {
  const shards = Array.from({ length: of }, (_, index) => ({ number: index + 1, of }));
  const all = shards.flatMap((shard) => [...indicesOf(shard, 21)]);
  expect(all).toHaveLength(21);
  expect(new Set(all)).toEqual(new Set(Array.from({ length: 21 }, (_, index) => index)));
  const corpus = ['a', 'b', 'c', 'd', 'e'];
  expect(shards.flatMap((shard) => partOf(shard, corpus)).sort()).toEqual(corpus);
});

test('the third of eight has the third family of every eight', () => {
  expect(parseShard('3/8', {})).toEqual({ number: 3, of: 8 });
  expect([...indicesOf({ number: 3, of: 8 }, 42)]).toEqual([8, 9, 10, 11, 40, 41]);
  expect([...indicesOf({ number: 1, of: 1 }, 4)]).toEqual([0, 1, 2, 3]);
});

test('a pod of an Indexed Job counts from 0', () => {
  expect(parseShard('auto/8', { JOB_COMPLETION_INDEX: '0' })).toEqual({ number: 1, of: 8 });
  expect(parseShard('auto/8', { JOB_COMPLETION_INDEX: '7' })).toEqual({ number: 8, of: 8 });
});

test.each([
  ['0/8', {}],
  ['9/8', {}],
  ['1/0', {}],
  ['-1/8', {}],
  ['1', {}],
  ['1/99999', {}],
  ['auto/8', {}],
  ['auto/8', { JOB_COMPLETION_INDEX: '8' }],
  ['auto/8', { JOB_COMPLETION_INDEX: 'x' }],
])('%s under %j is refused', (text, environment) => {
  expect(() => parseShard(text, environment)).toThrow(/shard/);
});
