import { existsSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { hiding } from './test-hidden-directories.ts';
import { home } from './test-program.ts';

const zones = '/usr/share/zoneinfo';
const withoutZones = existsSync(`${zones}/UTC`) ? hiding([zones]) : undefined;

test.skipIf(!withoutZones)('a machine without time zone data is told what to install', async () => {
  await using at = await home();
  const { exitCode, out, err } = await at.run(['smoke'], { PATH: inject('server').path }, withoutZones);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
  expect(err).toEqual([
    expect.stringMatching(/^restoreproof: the server at .* has no time zone data$/),
    expect.stringMatching(/^ {2}why: {2}it says: invalid value for parameter "TimeZone": "UTC"; /),
    expect.stringMatching(/^ {2}next: on the server's machine install the package tzdata/),
  ]);
  expect(await at.leftovers()).toEqual([]);
});
