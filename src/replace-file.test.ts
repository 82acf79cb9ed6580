import { execa } from 'execa';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from './replace-file.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'replace-file-'))));
afterEach(() => rmSync(directory, { recursive: true }));

test('a file is there whole, with its mode, and nothing else is', async () => {
  const file = join(directory, 'case.json');
  await replaceFile(file, 'old', 0o644);
  await replaceFile(file, 'new', 0o755);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o755);
  expect(readdirSync(directory)).toEqual(['case.json']);
});

test('what a killed run left of it goes away, what a living one writes does not', async () => {
  const gone = await execa('sh', ['-c', 'echo $$']);
  const names = [
    `case.json.${gone.stdout}.unfinished`,
    `case.json.${process.ppid}.unfinished`,
    'case.json.1',
  ];
  for (const name of names) writeFileSync(join(directory, name), 'half');
  await replaceFile(join(directory, 'case.json'), 'whole');
  expect(readdirSync(directory).toSorted()).toEqual(['case.json', ...names.slice(1)].toSorted());
});

test('where it cannot be written the old file is as it was', async () => {
  const file = join(directory, 'case.json');
  await replaceFile(file, 'old');
  await expect(replaceFile(join(file, 'below'), 'x')).rejects.toThrow('ENOTDIR');
  await expect(replaceFile(directory, 'x')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readFileSync(file, 'utf8')).toBe('old');
  expect(readdirSync(directory)).toEqual(['case.json']);
});
