import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NoVerdictError, UsageError } from '../errors.ts';
import { requireWritablePlace, writeWhole } from './write-file.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'write-file-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

test('a file is replaced whole, and a link to it stays a link', async () => {
  writeFileSync(join(directory, 'file'), 'old');
  symlinkSync('file', join(directory, 'link'));
  await writeWhole(join(directory, 'link'), 'new');
  expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('new');
  expect(readlinkSync(join(directory, 'link'))).toBe('file');
  expect(readdirSync(directory)).toEqual(['file', 'link']);
});

test('what cannot be written leaves nothing behind', async () => {
  await expect(writeWhole(join(directory, 'nowhere', 'file'), 'x')).rejects.toBeInstanceOf(NoVerdictError);
  await expect(writeWhole(directory, 'x')).rejects.toBeInstanceOf(NoVerdictError);
  expect(readdirSync(directory)).toEqual(['file', 'link']);
});

// Renamed over, a device would be gone from the machine.
test('a device is written to, not replaced', async () => {
  await expect(requireWritablePlace('/dev/null', '--json')).resolves.toBeUndefined();
  await writeWhole('/dev/null', 'x');
  expect(readFileSync('/dev/null', 'utf8')).toBe('');
});

test('a place that cannot be written to is refused before any work', async () => {
  await expect(requireWritablePlace(join(directory, 'new'), '--json')).resolves.toBeUndefined();
  await expect(requireWritablePlace(directory, '--json')).rejects.toBeInstanceOf(UsageError);
  await expect(requireWritablePlace(join(directory, 'file', 'x'), '--json')).rejects.toBeInstanceOf(
    UsageError,
  );
});
