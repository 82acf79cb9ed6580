import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClientTools } from '../postgres/client-tools.ts';
import { testTools } from '../testing.ts';
import { compareDumps, type DumpComparison } from './compare-dumps.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'compare-dumps-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Two plain dumps, compared. */
async function compared(first: string, second: string): Promise<DumpComparison> {
  const files = [join(directory, 'first.sql'), join(directory, 'second.sql')] as const;
  await writeFile(files[0], first);
  await writeFile(files[1], second);
  const plans = { dump: { format: 'plain' }, restore: { tool: 'psql' } } as const;
  return compareDumps([files[0]], [files[1]], { tools: testTools(), plans });
}

// As a wrapper does that loses the exit status.
test('a pg_restore that exits 0 without a word and without a script is no equal dump', async () => {
  const tools = testTools();
  const silent: ClientTools = {
    ...tools,
    run: async (tool, argv) => ({ ...(await tools.run(tool, ['--version'])), argv }),
  };
  const plans = { dump: { format: 'custom' }, restore: { tool: 'pg_restore' } } as const;
  const archives = [join(directory, 'nothing.dump')];
  expect(await compareDumps(archives, archives, { tools: silent, plans })).toMatchObject({
    failed: { exitCode: 0, stderr: 'pg_restore exited 0, and wrote no script' },
  });
});

test.each([
  [
    'random keys',
    '\\restrict abc\nSELECT 1;\n\\unrestrict abc\n',
    '\\restrict xyz\nSELECT 1;\n\\unrestrict xyz\n',
  ],
  [
    'the moment of a verbose dump',
    '-- Started on 2026-01-01 10:00:00 UTC\n',
    '-- Started on 2026-01-02 11:11:11 UTC\n',
  ],
  [
    'numbers of catalog rows',
    '-- TOC entry 215 (class 1259 OID 16391)\n-- Dependencies: 215 7\n',
    '-- TOC entry 9 (class 1259 OID 22)\n-- Dependencies: 9 1\n',
  ],
])('%s are no difference', async (_, first, second) => {
  expect(await compared(first, second)).toEqual({ difference: null });
});

test('the first line that differs is named', async () => {
  expect(await compared('a\nb\nc\n', 'a\nB\nC\n')).toEqual({
    difference: { line: 2, first: 'b', second: 'B' },
  });
});

test('a dump that ends earlier differs there', async () => {
  expect(await compared('a\nb\n', 'a\n')).toEqual({ difference: { line: 2, first: 'b', second: undefined } });
});

test('carriage returns and other odd bytes are part of their line', async () => {
  expect(await compared('a\r\nb\u2028c\n', 'a\nb\u2028c\n')).toMatchObject({ difference: { line: 1 } });
  expect(await compared('b\u2028c\u0085d\n', 'b\u2028c\u0085d\n')).toEqual({ difference: null });
});

const DATA = (...rows: string[]): string =>
  [
    '-- Data for Name: t; Type: TABLE DATA',
    'COPY t FROM stdin;',
    ...rows,
    '\\\\.',
    '-- Name: i; Type: INDEX',
    '',
  ].join('\n');

test('rows in another order are no difference, and other rows are', async () => {
  expect(await compared(DATA('a', 'b', 'b'), DATA('b', 'a', 'b'))).toEqual({ difference: null });
  expect(await compared(DATA('a', 'b'), DATA('a', 'c'))).toMatchObject({ difference: { line: 1 } });
  expect(await compared(DATA('a', 'b', 'b'), DATA('a', 'a', 'b'))).toMatchObject({ difference: { line: 1 } });
  expect(await compared(DATA('a'), DATA('a', 'a'))).toMatchObject({ difference: { line: 1 } });
});
