import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { localClientTools } from './local-tools.ts';

// A shell says so by itself and runs nothing: an operator's restore has failed then.
test('a standard input that is not there is a failed run', async () => {
  const { pgBin } = inject('server');
  const tools = localClientTools(pgBin, { major: 15, minor: 0, text: '15.0' });
  expect(await tools.run('pg_restore', ['--list'], { inputFile: '/nowhere/data.dump' })).toMatchObject({
    exitCode: 1,
    stderr: 'cannot open /nowhere/data.dump: there is no such file or directory',
  });
});

test('a plan may give the locale, and messages stay in English', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'local-tools-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
  await chmod(directory, 0o755);
  await writeFile(join(directory, 'pg_dump'), '#!/bin/sh\necho "$LC_ALL $LANGUAGE"\n', { mode: 0o755 });
  const tools = localClientTools(directory, { major: 15, minor: 0, text: '15.0' });
  const said = async (environment = {}) => (await tools.run('pg_dump', [], { environment })).stdout.trim();
  expect(await said()).toBe('C en');
  expect(await said({ LC_ALL: 'de_DE.UTF-8' })).toBe('de_DE.UTF-8 en');
});
