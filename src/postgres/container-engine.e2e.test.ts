import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { NoVerdictError } from '../errors.ts';
import { openContainerEngine } from './container-engine.ts';
import { containerRuntime } from './container-runtime.ts';
import { sweepContainers } from './container-sweep.ts';
import { OWNER_LABEL } from './container.ts';
import { connect } from './connection.ts';
import type { ShellOptions } from './client-tools.ts';
import type { Engine } from './engine.ts';
import { describeProcess, writtenIdentity } from './process-identity.ts';
import { openThrowawayDirectory } from './throwaway-directory.ts';
import { toolEnvironment } from './tool-environment.ts';

const [{ image, major } = { image: '', major: 0 }] = inject('images');

/** The ids of the containers of a process, given by its number. */
async function containersOf(pid: number): Promise<string[]> {
  const { container } = await containerRuntime();
  const found = await container.dockerode.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
  return found
    .filter(({ Labels: labels }) => labels[OWNER_LABEL]?.startsWith(`${pid}\n`))
    .map(({ Id: id }) => id);
}

/** The command lines of what runs in our containers. */
async function running(): Promise<string> {
  const { container } = await containerRuntime();
  const ids = await containersOf(process.pid);
  return JSON.stringify(await Promise.all(ids.map((id) => container.getById(id).top())));
}

async function eventually(holds: () => Promise<boolean>): Promise<boolean> {
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(50)) if (await holds()) return true;
  return false;
}

describe.skipIf(image === '')('a container', () => {
  let engine: Engine;
  let directory: Awaited<ReturnType<Engine['openDirectory']>>;
  beforeAll(async () => {
    engine = await openContainerEngine({ image });
    directory = await engine.openDirectory();
  });
  afterAll(async () => {
    await directory[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
    expect(await containersOf(process.pid)).toEqual([]);
    await expect(readdir(join(directory.path, '..'))).rejects.toThrow('ENOENT');
  });

  const psql = (
    sql: string,
    more: Parameters<Engine['tools']['run']>[2] = {},
    argv: readonly string[] = [],
  ) =>
    engine.tools.run('psql', ['--no-psqlrc', '--no-align', '--tuples-only', ...argv, `--command=${sql}`], {
      ...more,
      environment: { ...toolEnvironment(engine.connectionTo('postgres')), ...more.environment },
    });

  test('has the server and the tools of its image, and durability is off', async () => {
    expect(engine.serverVersion.major).toBe(major);
    expect(engine.tools.version).toEqual(engine.serverVersion);
    await using connection = await connect(engine.connectionTo('postgres'));
    const { rows } = await connection.query("SELECT current_setting('fsync') AS fsync, current_user AS role");
    expect(rows).toEqual([{ fsync: 'off', role: 'postgres' }]);
  });

  test('a tool gives its exit code, its output and what it says of an error', async () => {
    expect(await psql('SELECT 1')).toMatchObject({
      exitCode: 0,
      signal: undefined,
      stdout: '1\n',
      stderr: '',
    });
    const failed = await psql('SELECT nowhere');
    expect(failed).toMatchObject({ exitCode: 1, stdout: '' });
    expect(failed.stderr).toContain('column "nowhere" does not exist');
  });

  test.each(["it's", 'a\nb', '$(id) `id` $HOME', String.raw`\n\ "`, '', ' é 𝄞 ', '*'])(
    'an argument arrives as it is: %j',
    async (word) => {
      const told = await psql('SELECT 1', {}, [`--set=word=${word}`, '--command=\\echo :word']);
      expect(told.stdout).toBe(`${word}\n1\n`);
    },
  );

  test('variables reach the tool, and nothing of ours besides', async () => {
    const asked = { PGTZ: 'Asia/Kathmandu', PGOPTIONS: '-c work_mem=77kB', "odd'": 'x' };
    const told = await psql("SELECT current_setting('TimeZone'), current_setting('work_mem')", {
      environment: asked,
    });
    expect(told.stdout).toBe('Asia/Kathmandu|77kB\n');
    expect((await psql('SELECT 1', {}, ['--command=\\! env'])).stdout).not.toContain('VITEST');
  });

  test('files are shared both ways, and a file may be standard input', async () => {
    const script = join(directory.path, 'in it.sql');
    await writeFile(script, "SELECT 'é';\n");
    const out = join(directory.path, 'out');
    const environment = toolEnvironment(engine.connectionTo('postgres'));
    const options = { environment, inputFile: script };
    const told = await engine.tools.run('psql', ['-XAt', `--output=${out}`, '--file=-'], options);
    expect(told.exitCode).toBe(0);
    expect(await readFile(out, 'utf8')).toBe('é\n');
  });

  test('standard input may come from this side, whether a tool reads all of it or none', async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `-- a line of a script, ${i}\n`);
    const script = [...lines, "SELECT 'é', pg_sleep(0.1);\n"];
    const environment = toolEnvironment(engine.connectionTo('postgres'));
    const feed = (input: Writable): Promise<void> => pipeline(Readable.from(script), input);
    const told = await engine.tools.run('psql', ['-XAt', '--file=-'], { environment, feed });
    expect(told).toMatchObject({ exitCode: 0, stdout: 'é|\n', stderr: '' });
    const failed = await engine.tools.run('psql', ['-XAt', '--nonsense'], {
      feed: (input) => feed(input).catch(() => undefined),
    });
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain('nonsense');
    const late = engine.tools.run('psql', ['-XAt', '--file=-'], {
      environment,
      timeoutMilliseconds: 300,
      // An end that does not come.
      feed: (input) => new Promise((resolve) => input.once('close', resolve)),
    });
    await expect(late).rejects.toThrow('psql did not end within 0.3 s and was killed');
  });

  const shell = (text: string, more: Partial<ShellOptions> = {}, name = 'sh') =>
    engine.tools.shell(
      { shell: name as 'sh', stage: 'dump', text },
      { directory: directory.path, environment: {}, timeoutMilliseconds: 10_000, ...more },
    );

  test('a command of the user’s own has the tools, and of libpq’s variables its own only', async () => {
    const told = await shell('pwd; echo "$0 $WORD $PGHOST[$PGDATA]"; pg_dump --version; exit 7', {
      environment: { WORD: `it's $(id)`, PGHOST: '/x' },
    });
    expect([told.exitCode, told.stderr]).toEqual([7, '']);
    const [where, words, version] = told.stdout.split('\n');
    expect([where, words]).toEqual([directory.path, `sh it's $(id) /x[]`]);
    expect(version).toContain(engine.tools.version.text);
    expect(await readFile(join(directory.path, 'dump.stdout'), 'utf8')).toBe(told.stdout);
    await expect(shell('true', {}, 'nosuchsh')).rejects.toThrow(
      'the dump of the pipeline could not be started',
    );
  });

  test('nothing of such a command goes on: past its time, or in the background', async () => {
    await expect(shell('sleep 617 & sleep 617; true', { timeoutMilliseconds: 300 })).rejects.toThrow(
      'the dump of the pipeline did not end within 0.3 s',
    );
    expect((await shell('sleep 617 & true')).exitCode).toBe(0);
    expect(await eventually(async () => !(await running()).includes('sleep'))).toBe(true);
  });

  test('a tool that takes too long is killed inside, and others go on', async () => {
    const other = psql('SELECT pg_sleep(1), 5');
    const late = psql('SELECT pg_sleep(61)', { timeoutMilliseconds: 300 });
    await expect(late).rejects.toThrow('psql did not end within 0.3 s and was killed');
    await expect(late).rejects.toThrow(NoVerdictError);
    expect(await running()).not.toContain('pg_sleep(61)');
    expect((await other).stdout).toBe('|5\n');
  });

  test('an abort kills the tool inside', async () => {
    const stop = new AbortController();
    const told = psql('SELECT pg_sleep(62)', { signal: stop.signal });
    expect(await eventually(async () => (await running()).includes('pg_sleep(62)'))).toBe(true);
    stop.abort(new Error('enough'));
    await expect(told).rejects.toThrow('enough');
    expect(await running()).not.toContain('pg_sleep(62)');
  });

  test('a sweep takes the containers of dead processes only', async () => {
    const runtime = await containerRuntime();
    const me = await describeProcess(process.pid);
    const dead = { [OWNER_LABEL]: writtenIdentity({ ...me, started: '1' }) };
    const left = await runtime.container.create({ Image: image, Entrypoint: ['sleep', '100'], Labels: dead });
    await left.start();
    expect(await sweepContainers(runtime)).toEqual([left.id]);
    expect((await psql('SELECT 1')).exitCode).toBe(0);
  });
});

describe.skipIf(image === '')('an engine', () => {
  test('that is entered by TCP asks for a password, and what it is to read it cannot write', async () => {
    await using directory = await openThrowawayDirectory();
    const file = join(directory.path, 'at 04:30, a.sql');
    await writeFile(file, 'SELECT 7;\n');
    // A link is read inside if what it leads to is there, too.
    const dump = join(directory.path, 'dump');
    await mkdir(dump);
    await symlink('../at 04:30, a.sql', join(dump, 'link.sql'));
    // Much is expected, so that its cluster is not in memory.
    const reads = [dump, file];
    await using engine = await openContainerEngine({ image, enter: 'tcp', reads, expectedBytes: 10 ** 12 });
    const settings = engine.connectionTo('postgres');
    expect(settings.host).toBe('127.0.0.1');
    const environment = toolEnvironment(settings);
    const told = await engine.tools.run(
      'psql',
      ['-XAt', '-f', file, '-f', join(dump, 'link.sql'), '-c', '\\! df -P /restoreproof'],
      { environment },
    );
    expect(told.stdout).toMatch(/^7\n7\n/);
    expect(told.stdout).not.toContain('tmpfs');
    const refused = await engine.tools.run('psql', ['-XAt', '-o', file, '-c', 'SELECT 8'], { environment });
    expect(refused.stderr).toContain('Read-only file system');
    expect(await readFile(file, 'utf8')).toBe('SELECT 7;\n');
    await expect(connect({ ...settings, password: 'wrong' })).rejects.toMatchObject({ code: '28P01' });
  });

  test('whose container is killed says so', async () => {
    await using engine = await openContainerEngine({ image });
    const { container } = await containerRuntime();
    const ids = await containersOf(process.pid);
    const sleeping = engine.tools.run('psql', ['-c', 'SELECT pg_sleep(63)'], {
      environment: toolEnvironment(engine.connectionTo('postgres')),
    });
    sleeping.catch(() => undefined);
    await Promise.all(ids.map((id) => container.getById(id).kill()));
    await expect(sleeping).rejects.toThrow('the container of the client tools is gone');
    await expect(engine.tools.run('psql', ['--version'])).rejects.toThrow(NoVerdictError);
  });

  test('of an image that is not there is an error of usage, and leaves nothing', async () => {
    await expect(openContainerEngine({ image: 'local/nothing:none' })).rejects.toThrow(
      'the image local/nothing:none cannot be had',
    );
    expect(await containersOf(process.pid)).toEqual([]);
  });
});
