import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { damageDump, spoil } from './damage-dump.ts';

const BYTES = Buffer.from('0123456789');

describe('one damage of some bytes', () => {
  test.each([
    [{ kind: 'bit-flipped', at: 0.3, bit: 0 }, '0122456789'],
    [{ kind: 'bit-flipped', at: 0.999999, bit: 7 }, '012345678\u00b9'],
    [{ kind: 'byte-deleted', at: 0 }, '123456789'],
    [{ kind: 'byte-deleted', at: 0.999999 }, '012345678'],
    [{ kind: 'byte-inserted', at: 0.5, byte: 0x2d }, '01234-56789'],
    [{ kind: 'truncated', at: 0 }, ''],
    [{ kind: 'truncated', at: 0.999999 }, '012345678'],
    [{ kind: 'blocks-swapped', at: 0, other: 0.9 }, '0123456789'],
  ] as const)('%j', (damage, expected) => {
    expect(spoil(BYTES, { file: 0, ...damage }).toString('latin1')).toBe(expected);
    expect(BYTES.toString()).toBe('0123456789');
  });

  test('blocks change places, the short last one too', () => {
    const [a, b, c] = [Buffer.alloc(512, 'a'), Buffer.alloc(512, 'b'), Buffer.from('c')];
    const swapped = spoil(Buffer.concat([a, b, c]), { kind: 'blocks-swapped', file: 0, at: 0.1, other: 0.9 });
    expect(swapped.equals(Buffer.concat([c, b, a]))).toBe(true);
  });

  test.each(['bit-flipped', 'byte-deleted', 'blocks-swapped', 'truncated'] as const)(
    'an empty file stays empty: %s',
    (kind) => expect(spoil(Buffer.alloc(0), { kind, file: 0, at: 0.5 })).toHaveLength(0),
  );
});

describe('of a dump', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'damage-'));
    mkdirSync(join(root, 'directory'));
    for (const name of ['b', 'a', 'toc']) writeFileSync(join(root, 'directory', name), name);
    writeFileSync(join(root, 'file'), 'whole');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const archives = (): string[] => [join(root, 'directory'), join(root, 'file')];
  const content = (name: string): string => readFileSync(join(root, name), 'latin1');

  test('a file is taken by its name, among all files of all archives', async () => {
    expect(await damageDump(archives(), { kind: 'truncated', file: 0.25, at: 0 })).toBe(true);
    expect(content('directory/b')).toBe('');
    expect(await damageDump(archives(), { kind: 'truncated', file: 0.99, at: 0.4 })).toBe(true);
    expect(content('file')).toBe('wh');
    expect(content('directory/a')).toBe('a');
  });

  test('a file is missing', async () => {
    expect(await damageDump(archives(), { kind: 'file-missing', file: 0, at: 0 })).toBe(true);
    expect(readdirSync(join(root, 'directory')).toSorted()).toEqual(['b', 'toc']);
  });

  test('two files are swapped, which is told from a file and itself', async () => {
    expect(await damageDump(archives(), { kind: 'files-swapped', file: 0, at: 0, other: 0.6 })).toBe(true);
    expect([content('directory/a'), content('directory/toc')]).toEqual(['toc', 'a']);
    expect(await damageDump(archives(), { kind: 'files-swapped', file: 0.3, at: 0, other: 0.3 })).toBe(false);
    expect(await damageDump(archives(), { kind: 'blocks-swapped', file: 0, at: 0, other: 0.6 })).toBe(false);
  });
});
