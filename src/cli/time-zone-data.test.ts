import { execaSync } from 'execa';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { home } from './test-program.ts';

/** In a mount namespace of one's own, which root may have as a rule, the machine's time zones can be hidden. */
const WITHOUT_ZONES = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  'mount -t tmpfs none /usr/share/zoneinfo && exec "$@"',
  'sh',
];
const [unshare, ...words] = [...WITHOUT_ZONES, 'true'];
const possible =
  existsSync('/usr/share/zoneinfo/UTC') && execaSync(unshare, words, { reject: false }).exitCode === 0;

test.skipIf(!possible)('a machine without time zone data is told what to install', async () => {
  await using at = await home();
  const { exitCode, out, err } = await at.run(['smoke'], {}, WITHOUT_ZONES);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
  expect(err).toEqual([
    expect.stringMatching(/^restoreproof: the server at .* has no time zone data$/),
    expect.stringMatching(/^ {2}why: {2}it says: invalid value for parameter "TimeZone": "UTC"; /),
    expect.stringMatching(/^ {2}next: on the server's machine install the package tzdata/),
  ]);
  expect(await at.leftovers()).toEqual([]);
});
