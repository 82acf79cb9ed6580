import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { readSubjectFile } from './subject-file.ts';

const EXAMPLE = readFileSync(join(packageRoot, 'docs/subjects/ledger.yaml'), 'utf8');
const directory = mkdtempSync(join(tmpdir(), 'subject-file-'));
writeFileSync(join(directory, 'ledger.sql'), 'SELECT 1');

afterAll(() => rmSync(directory, { recursive: true }));

async function refused(text: string, name = 'subject.yaml'): Promise<UsageError> {
  const file = join(directory, name);
  writeFileSync(file, text);
  const error: unknown = await readSubjectFile(file).catch((thrown: unknown) => thrown);
  if (!(error instanceof UsageError)) throw new Error(`no UsageError: ${String(error)}`);
  return error;
}

describe('a subject file that cannot be used is refused with line and column', () => {
  test.each([
    ['a key that is not known', EXAMPLE.replace('key:', 'kee:'), '5:6', 'kee'],
    ['a key that is missing', EXAMPLE.replace(/^head: .*$/m, ''), '1:1', 'head'],
    ['a value of another type', EXAMPLE.replace('order: [number]', 'order: number'), '6:8', 'order'],
    ['a field that no event has', EXAMPLE.replace('{actor}', '{author}'), '10:9', 'an event has no {author}'],
    ['an insert without an id', EXAMPLE.replace('{id}', '{actor}'), '10:9', 'the value {id} is wanted'],
    [
      'a file that is not there',
      EXAMPLE.replace('[ledger.sql]', '[ledger.sql, more.sql]'),
      '2:23',
      'no such file',
    ],
    ['broken YAML', 'name: [ledger', '1:14', ''],
  ])('%s', async (_, text, place, words) => {
    const error = await refused(text);
    expect(error.message).toContain(`subject.yaml:${place}: `);
    expect(error.why).toContain(words);
    expect(error.next).toContain('docs/subjects.md');
  });

  test('JSON is read as well', async () => {
    expect((await refused('{"table": 1}', 'subject.json')).message).toMatch(
      /subject\.json:1:\d+: this is no subject$/,
    );
  });
});

test('the name is that of the file where it has none', async () => {
  const file = join(directory, 'my ledger.yaml');
  writeFileSync(file, EXAMPLE.replace('name: ledger\n', ''));
  expect((await readSubjectFile(file)).name).toBe('my ledger');
});

test('the documentation shows the example as it is', () => {
  const page = readFileSync(join(packageRoot, 'docs/subjects.md'), 'utf8');
  expect(page).toContain(`\`\`\`yaml\n${EXAMPLE}\`\`\``);
});
