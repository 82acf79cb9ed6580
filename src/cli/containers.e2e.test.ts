import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { caseFileText } from '../case/case-file.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { containerRuntime } from '../postgres/container-runtime.ts';
import { sweepContainers } from '../postgres/container-sweep.ts';
import { OWNER_LABEL } from '../postgres/container.ts';
import { packageRoot } from '../package-root.ts';
import { hiding } from './test-hidden-directories.ts';
import { home } from './test-program.ts';

const [{ image, major } = { image: '', major: 0 }] = inject('images');
const environment = { TESTCONTAINERS_RYUK_DISABLED: 'true' };

/** How many of our containers have their files below a directory. */
async function containersAt(directory: string): Promise<number> {
  const { container } = await containerRuntime();
  const found = await container.dockerode.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
  return found.filter(({ Mounts: mounts }) => mounts.some(({ Source: from }) => from.startsWith(directory)))
    .length;
}

async function settled(holds: () => Promise<boolean>): Promise<boolean> {
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(50)) if (await holds()) return true;
  return false;
}

/** The sockets at which another engine may answer. */
const withoutSockets = hiding(['/run']);

test.concurrent.each<[string, readonly string[]]>([
  ['where it is asked for', []],
  ...(withoutSockets ? [['anywhere', withoutSockets] satisfies [string, readonly string[]]] : []),
])('no engine answers %s: exit code 2, and what to do', async (_, under) => {
  await using at = await home();
  const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
  const ended = await at.run(['smoke', '--engine', 'container'], nowhere, under);
  expect(ended).toEqual({
    exitCode: 2,
    out: [],
    err: [
      'restoreproof: no Docker engine answers',
      '  why:  nothing answers at DOCKER_HOST=unix:///nowhere/docker.sock',
      expect.stringMatching(/^ {2}next: start Docker, or /),
    ],
  });
  expect(await at.leftovers()).toEqual([]);
});

test.concurrent.each([
  ['--engine local and --image', ['--engine', 'local', '--image', 'x']],
  ['--url and --image', ['--url', 'postgres://h/d', '--image', 'x']],
  ['--pg-bin and --engine container', ['--engine', 'container', '--pg-bin', '/x']],
  ['--engine server and --image', ['--engine', 'server', '--image', 'x']],
])('%s contradict each other', async (names, argv) => {
  await using at = await home();
  const ended = await at.run(['smoke', ...argv]);
  expect(ended).toMatchObject({ exitCode: 2, out: [] });
  expect(ended.err[0]).toBe(`restoreproof: ${names} contradict each other`);
});

test.concurrent.each([
  ['--to is missing', ['--from', 'local']],
  ['--from is missing', ['--to', 'local']],
  ['--url and --from contradict each other', ['--from', 'local', '--to', 'local', '--url', 'postgres://h/d']],
  ['--engine and --from contradict each other', ['--from', 'local', '--to', 'local', '--engine', 'local']],
  ['no PostgreSQL 99 was found on this machine', ['--from', 'local', '--to', 'local:99']],
])('%s', async (what, argv) => {
  await using at = await home();
  const ended = await at.run(['smoke', ...argv]);
  expect(ended).toMatchObject({ exitCode: 2, out: [] });
  expect(ended.err[0]).toBe(`restoreproof: ${what}`);
  expect(await at.leftovers()).toEqual([]);
});

describe.skipIf(image === '')('with a container', () => {
  test.concurrent('smoke passes, a drill of its dump, too, and neither leaves container or file', async () => {
    await using at = await home();
    const ended = await at.run(['smoke', '--image', image, '--keep', 'kept'], environment);
    expect(ended.exitCode).toBe(0);
    expect(ended.out[0]).toMatch(new RegExp(`PostgreSQL ${major}\\.\\d+ \\(container of ${image}\\)$`));
    expect(ended.out.filter((line) => line.startsWith('  held '))).toHaveLength(11);
    const dump = ['drill', '--image', image, '--dump', 'kept/audit.dump', '--against', 'kept/pre.json'];
    const drilled = await at.run(dump, environment);
    expect(drilled).toMatchObject({ exitCode: 0, err: [] });
    expect(drilled.out.filter((line) => line.startsWith('  held '))).toHaveLength(10);
    expect(await containersAt(at.temporary)).toBe(0);
    expect(await at.leftovers()).toEqual([]);
  });

  test.concurrent.each([
    ['basebackup', 0, 'PASS  rows=24 '],
    ['cut-short', 1, 'FAIL  lossy: '],
  ])('the commands of docs/pipelines/%s.yaml run inside', async (name, exitCode, verdict) => {
    await using at = await home();
    const file = join(packageRoot, 'docs/pipelines', `${name}.yaml`);
    const ended = await at.run(['smoke', '--image', image, '--pipeline', file], environment);
    expect(ended).toMatchObject({ exitCode, err: [] });
    expect(ended.out).toContainEqual(expect.stringContaining(verdict));
    expect(await containersAt(at.temporary)).toBe(0);
    expect(await at.leftovers()).toEqual([]);
  });

  test.concurrent('replay --keep leaves a container, until the printed command removes it', async () => {
    await using at = await home();
    const trial = { ...smokeCase(3), target: { kind: 'fresh' as const } };
    const file = caseFileText(trial, { property: 'nothing-is-lost-silently' });
    await writeFile(join(at.directory, 'case.json'), file);
    const ended = await at.run(['replay', '--keep', '--image', image, 'case.json'], environment);
    expect(ended.exitCode).toBe(0);
    const [, end = ''] = ended.out.slice(ended.out.findIndex((line) => line.startsWith('and when')));
    try {
      await sweepContainers(await containerRuntime());
      for (const which of ['source', 'restored']) {
        const line = ended.out.find((each) => each.startsWith(`  ${which} `)) ?? '';
        // Without the terminal that a reader has.
        const enter = line.replace(`  ${which}`, '').replace(' --tty', '');
        const count = `${enter} --no-align --tuples-only --command='SELECT count(*) FROM audit_events'`;
        expect((await execa('sh', ['-c', count])).stdout).toBe('3');
      }
    } finally {
      await execa('sh', ['-c', end]);
    }
    expect(await containersAt(at.temporary)).toBe(0);
    expect(await at.leftovers()).toEqual([]);
  });

  test.concurrent('doctor says what would be used', async () => {
    await using at = await home();
    const ended = await at.run(['doctor', '--image', image], environment);
    expect(ended.exitCode).toBe(0);
    expect(ended.out.slice(ended.out.indexOf('What would be used') + 1)).toEqual([
      `  a container of ${image}, which is at hand`,
      '  because it was asked for',
      '',
    ]);
  });

  test.concurrent.each([
    ['SIGTERM', 3],
    ['SIGKILL', undefined],
  ] as const)('%s leaves no container', async (signal, code) => {
    await using at = await home();
    const running = await at.start(
      ['fuzz', '--image', image, '--lanes', '1', '--cases', '1000'],
      environment,
    );
    await running.printed('container of');
    expect(await containersAt(at.temporary)).toBe(1);
    running.kill(signal);
    expect((await running.ended).exitCode).toBe(code);
    expect(await settled(async () => (await containersAt(at.temporary)) === 0)).toBe(true);
  });
});
