import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { MUTANTS } from './catalogue.ts';

test('every mutant is in a file of its name, in the directory of what it strikes, and every such file is tried', () => {
  const directory = dirname(new URL(import.meta.url).pathname);
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.includes('/') && !file.endsWith('/all.ts'),
  );
  const expected = MUTANTS.map(({ id, strikes }) => `${strikes.replace(' ', '-')}/${id}.ts`);
  expect(files.toSorted()).toEqual(expected.toSorted());
});

test('what is wrong is said in sentences that a table can hold', () => {
  for (const { what, unseen = '' } of MUTANTS) {
    expect(what).toMatch(/^[A-Z].*\.$/);
    expect(what + unseen).not.toMatch(/[|\n]/);
  }
});
