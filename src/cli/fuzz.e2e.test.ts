import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sharedUrl, home } from './test-program.ts';

const DROPS_MICROSECONDS = `ALTER TABLE audit_events DISABLE TRIGGER USER;
UPDATE audit_events SET "timestamp" = date_trunc('milliseconds', "timestamp");
ALTER TABLE audit_events ENABLE TRIGGER USER;
`;
const ONE_PROPERTY = ['--property', 'every-faithful-plan-is-faithful', '--no-corpus'];

test('a run says first how to repeat it, and last that every case went as predicted', async () => {
  await using place = await home();
  const argv = ['fuzz', '--url', sharedUrl(), '--seed', '5', '--cases', '6', ...ONE_PROPERTY];
  const { exitCode, out } = await place.run(argv);
  expect(out[0]).toMatch(/^seed 5; server \d+\S*, tools \d+\S*; repeat with: /);
  expect(out[0]?.replace(/^.*repeat with: /, '')).toBe(
    `restoreproof fuzz --seed 5 --property every-faithful-plan-is-faithful --url ${sharedUrl()} --cases 6 --no-corpus`,
  );
  expect(out.at(-1)).toBe('PASS  every case as predicted');
  expect(out.find((line) => line.startsWith('6 cases: '))).toMatch(/; ended: all cases$/);
  expect(exitCode).toBe(0);
  expect(readdirSync(place.directory)).toEqual([]);
  expect(await place.leftovers()).toEqual([]);
});

test('a fault that the run is given is found, written down, replayed, shrunk further and, once mended, gone', async () => {
  await using place = await home();
  writeFileSync(join(place.directory, 'fault.sql'), DROPS_MICROSECONDS);
  const fault = ['--fault', 'fault.sql', '--shrink-seconds', '0'];
  const argv = ['fuzz', '--url', sharedUrl(), '--seed', '2', '--cases', '2', ...fault, ...ONE_PROPERTY];
  const { exitCode, out } = await place.run(argv, { GITHUB_ACTIONS: 'true' });
  expect(exitCode).toBe(1);
  expect(out.at(-1)).toBe('FAIL  1 finding');
  expect(out.filter((line) => line.startsWith('FINDING'))).toHaveLength(1);
  const annotation = out.find((line) => line.startsWith('::error title='));
  expect(annotation).toMatch(/%0Areplay: restoreproof replay counterexamples\//);

  const [signature] = readdirSync(join(place.directory, 'counterexamples'));
  const folder = `counterexamples/${signature}`;
  expect(readdirSync(join(place.directory, folder)).toSorted()).toEqual([
    'README.md',
    'case.json',
    'disturbance.sql',
    'repro.sh',
    'schema.sql',
    'unshrunk.json',
    'workload.sql',
  ]);
  const replayed = await place.run(['replay', folder, '--url', sharedUrl()]);
  expect(replayed.exitCode).toBe(1);
  expect(replayed.out.join('\n')).toContain('FAILED    row-bytes');

  const file = join(place.directory, folder, 'case.json');
  const before = readFileSync(file, 'utf8');
  expect((await place.run(['shrink', folder, '--seconds', '2', '--url', sharedUrl()])).exitCode).toBe(0);
  const after = readFileSync(file, 'utf8');
  expect(after.length).toBeLessThan(before.length);

  const { disturbance: _, ...mended } = JSON.parse(after) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(mended));
  const again = await place.run(['replay', file, '--url', sharedUrl()]);
  expect(again.exitCode).toBe(0);
  expect(again.out.join('\n')).toContain('it no longer fails');
  const nothing = await place.run(['shrink', file, '--url', sharedUrl()]);
  expect(nothing.exitCode).toBe(2);
  expect(nothing.err.join('\n')).toContain('does not fail here');
  expect(await place.leftovers()).toEqual([]);
});

test('a run by time ends on time and says so', async () => {
  await using place = await home();
  const { exitCode, out } = await place.run([
    'fuzz',
    '--url',
    sharedUrl(),
    '--minutes',
    '0.05',
    ...ONE_PROPERTY,
  ]);
  expect(out.find((line) => line.includes('ended: time is up'))).toBeDefined();
  expect(exitCode).toBe(0);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a run with its summary, without a pass',
  async (signal) => {
    await using place = await home();
    const running = await place.start(['fuzz', '--cases', '1000', '--no-corpus']);
    await running.printed('repeat with: ');
    running.kill(signal);
    const { exitCode, out } = await running.ended;
    expect(exitCode).toBe(3);
    expect(out.at(-1)).toBe('NO VERDICT  interrupted');
    expect(await place.leftovers()).toEqual([]);
  },
);

test('one case of a seed can be drawn again', async () => {
  await using place = await home();
  const { exitCode, out } = await place.run([
    'fuzz',
    '--url',
    sharedUrl(),
    '--seed',
    '5',
    '--case',
    '3',
    ...ONE_PROPERTY,
  ]);
  expect(out.find((line) => line.startsWith('1 case: '))).toBeDefined();
  expect(exitCode).toBe(0);
});

test.each([
  [['fuzz', '--property', 'no-such-property'], 'there is no property no-such-property'],
  [['fuzz', '--cases', '0'], 'a whole number from 1'],
  [['fuzz', '--minutes', '-1'], 'a number above 0'],
  [['fuzz', '--fault', 'nowhere.sql'], '--fault nowhere.sql cannot be read'],
  [['replay', 'nowhere.json'], 'the case nowhere.json cannot be read'],
  [['replay', '.'], 'cannot be read'],
])('%j is a usage error', async (argv, words) => {
  await using place = await home();
  const { exitCode, err, out } = await place.run(argv);
  expect(err.join('\n')).toContain(words);
  expect(out).toEqual([]);
  expect(exitCode).toBe(2);
});

test('a file that is no case is refused, and says which format is read', async () => {
  await using place = await home();
  const file = join(place.directory, 'case.json');
  writeFileSync(file, '{"format": "restoreproof.case/v9"}');
  const newer = await place.run(['replay', file]);
  expect(newer.err.join('\n')).toContain(
    'its format is "restoreproof.case/v9"; this version reads restoreproof.case/v1',
  );
  writeFileSync(file, '{"format": "restoreproof.case/v1", "workload": 7}');
  expect((await place.run(['replay', file])).err.join('\n')).toContain('workload');
  writeFileSync(file, 'nonsense');
  expect((await place.run(['replay', file])).exitCode).toBe(2);
  expect(existsSync(file)).toBe(true);
});

test('what goes wrong on purpose cannot be tried on this server, and the summary says so', async () => {
  await using place = await home();
  const argv = ['fuzz', '--url', sharedUrl(), '--seed', '5', '--cases', '1', '--no-corpus'];
  const { exitCode, out } = await place.run(argv);
  expect(out).toContain('left out, for it cannot be tried here: a-damaged-dump-is-never-silent');
  expect(exitCode).toBe(0);
  const asked = await place.run([...argv, '--property', 'a-damaged-dump-is-never-silent']);
  expect(asked.err[0]).toBe('restoreproof: a-damaged-dump-is-never-silent cannot be tried on this server');
  expect(asked.exitCode).toBe(2);
});
