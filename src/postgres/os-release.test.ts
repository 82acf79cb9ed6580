import { expect, test } from 'vitest';
import { parseOsRelease } from './os-release.ts';

test('reads quoted and bare fields and skips what assigns nothing', () => {
  const text = '# comment\nID=ubuntu\nID_LIKE="debian other"\n\nVERSION_ID=\'24.04\'\nnonsense\n';
  expect(parseOsRelease(text)).toEqual({ ID: 'ubuntu', ID_LIKE: 'debian other', VERSION_ID: '24.04' });
});
