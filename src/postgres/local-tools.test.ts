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
