import { expect, test } from 'vitest';
import type { DumpPlan, RestorePlan } from '../case/case.ts';
import { dumpCommands } from './dump-commands.ts';

/** Each run as one line, with the directory left out; no word of these has a blank. */
function lines(dump: DumpPlan, restore: RestorePlan = { tool: 'pg_restore' }): string[] {
  return dumpCommands({ dump, restore }, '/d').map(({ argv }) => argv.join(' '));
}

test.each<[DumpPlan, string]>([
  [{ format: 'custom' }, '--format=custom --file=/d/audit.dump'],
  [
    { format: 'directory', jobs: 3, compress: 'zstd:3' },
    '--format=directory --compress=zstd:3 --jobs=3 --file=/d/audit.dump',
  ],
  [{ format: 'plain', rows: 'inserts' }, '--format=plain --inserts --file=/d/audit.dump'],
  [{ format: 'tar', rows: 'column-inserts' }, '--format=tar --column-inserts --file=/d/audit.dump'],
  [
    { format: 'custom', rows: 5, options: ['-O'] },
    '--format=custom --rows-per-insert=5 -O --file=/d/audit.dump',
  ],
])('%j', (plan, line) => {
  expect(lines(plan)).toEqual([line]);
});

test('a part is a run with an archive of its own, in the order of their restore', () => {
  expect(lines({ format: 'custom', parts: 'sections', options: ['-x'] })).toEqual([
    '--format=custom --section=pre-data -x --file=/d/pre-data.dump',
    '--format=custom --section=data -x --file=/d/data.dump',
    '--format=custom --section=post-data -x --file=/d/post-data.dump',
  ]);
  expect(
    dumpCommands({ dump: { format: 'tar', parts: 'schema-and-data' }, restore: { tool: 'script' } }, '/d'),
  ).toEqual([
    { archive: '/d/schema.dump', argv: ['--format=tar', '--schema-only', '--file=/d/schema.dump'] },
    { archive: '/d/data.dump', argv: ['--format=tar', '--data-only', '--file=/d/data.dump'] },
  ]);
});

test('what makes and drops objects is written into a script for psql, and only where the objects are', () => {
  const restore: RestorePlan = { tool: 'psql', clean: true, create: true, options: ['--echo-errors'] };
  expect(lines({ format: 'plain' }, restore)).toEqual([
    '--format=plain --clean --if-exists --create --file=/d/audit.dump',
  ]);
  expect(lines({ format: 'plain', parts: 'schema-and-data' }, restore)).toEqual([
    '--format=plain --schema-only --clean --if-exists --create --file=/d/schema.dump',
    '--format=plain --data-only --file=/d/data.dump',
  ]);
  expect(lines({ format: 'custom' }, { ...restore, tool: 'pg_restore' })).toEqual([
    '--format=custom --file=/d/audit.dump',
  ]);
});
