import { expect, test } from 'vitest';
import { reorderList } from './reorder-list.ts';

const HEAD = ';\n; Archive created at 2026-01-01 00:00:00 UTC\n;     Format: CUSTOM\n;';

/** The numbers of the entries, in their new order. */
function order(entries: string, keepDataInOrder = false): number[] {
  const reordered = reorderList(`${HEAD}\n${entries}\n`, { keepDataInOrder });
  expect(reordered.startsWith(`${HEAD}\n`)).toBe(true);
  return [...reordered.matchAll(/^(\d+);/gm)].map(([, id]) => Number(id));
}

test('neighbours of one kind change places, pair by pair', () => {
  expect(
    order(`1; 1255 9 FUNCTION public f() o
2; 1255 9 FUNCTION public g() o
3; 1255 9 FUNCTION public h() o
4; 1259 9 TABLE public t o
5; 1259 9 INDEX public a o
6; 1259 9 INDEX public b o`),
  ).toEqual([2, 1, 3, 4, 6, 5]);
});

test('what needs its neighbour stays behind it, and takes its comments along', () => {
  const list = `1; 1259 9 TABLE public t o
2; 1259 9 TABLE public u o
;\tdepends on: 7 1
3; 1259 9 TABLE public v o
;\tdepends on: 1`;
  expect(order(list)).toEqual([1, 3, 2]);
  expect(reorderList(list, { keepDataInOrder: false })).toBe(`1; 1259 9 TABLE public t o
3; 1259 9 TABLE public v o
;\tdepends on: 1
2; 1259 9 TABLE public u o
;\tdepends on: 7 1
`);
});

test('data change places unless they are to stay in order', () => {
  const data = '1; 0 9 TABLE DATA public t o\n2; 0 9 TABLE DATA public u o';
  expect(order(data)).toEqual([2, 1]);
  expect(order(data, true)).toEqual([1, 2]);
});

test('kinds whose order may mean something stay', () => {
  expect(order('1; 0 0 TABLE ATTACH public t o\n2; 0 0 TABLE ATTACH public u o')).toEqual([1, 2]);
  expect(order('1; 0 0 ACL public t o\n2; 0 0 ACL public u o')).toEqual([1, 2]);
  expect(order('1; 0 0 TABLE public t o\n2; 0 0 TABLE DATA public t o')).toEqual([1, 2]);
});

test('a list that ends early or has nothing in it is given back', () => {
  expect(reorderList('', { keepDataInOrder: false })).toBe('');
  expect(order('1; 0 0 INDEX public t o')).toEqual([1]);
});
